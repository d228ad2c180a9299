package metric

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"

	"tweedie/sample/result"
)

// referenceOf returns a Reference whose reference half is these images. The images of the other half are zero.
func referenceOf(t *testing.T, half []float32, pixels int, o ReferenceOptions) *Reference {
	t.Helper()
	images := make([]float32, 0, 2*len(half))
	for image := range slices.Chunk(half, pixels) {
		images = append(append(images, image...), make([]float32, pixels)...)
	}
	r, err := NewReference(images, pixels, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// values returns the scores by their names, without what follows a comma.
func values(t *testing.T) func(scores []result.Score, err error) map[string]float64 {
	return func(scores []result.Score, err error) map[string]float64 {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		byName := map[string]float64{}
		for _, s := range scores {
			name, _, _ := strings.Cut(s.Name, ",")
			byName[name] = s.Value
		}
		return byName
	}
}

// normal returns n images drawn from a Gaussian with covariance m m^T. If exact, they are transformed so that their
// mean is 0 and their covariance (divided by n-1) is m m^T exactly.
func normal(rng *rand.Rand, n int, m *mat.Dense, exact bool) *mat.Dense {
	d, _ := m.Dims()
	x := mat.NewDense(n, d, nil)
	for i := range x.RawMatrix().Data {
		x.RawMatrix().Data[i] = rng.NormFloat64()
	}
	if exact {
		for j := range d {
			column := mat.Col(nil, j, x)
			mean := stat.Mean(column, nil)
			for i, v := range column {
				x.Set(i, j, v-mean)
			}
		}
		var c mat.SymDense
		stat.CovarianceMatrix(&c, x, nil)
		var chol mat.Cholesky
		chol.Factorize(&c)
		var l mat.TriDense
		chol.LTo(&l)
		var inverse mat.TriDense
		if err := inverse.InverseTri(&l); err != nil {
			panic(err)
		}
		x.Mul(x, inverse.T())
	}
	x.Mul(x, m.T())
	return x
}

func pixelsOf(x *mat.Dense, shift []float64) []float32 {
	images := make([]float32, len(x.RawMatrix().Data))
	for i, v := range x.RawMatrix().Data {
		images[i] = float32(v + shift[i%len(shift)])
	}
	return images
}

func square(rng *rand.Rand, d int, scale float64) *mat.Dense {
	m := mat.NewDense(d, d, nil)
	for i := range m.RawMatrix().Data {
		m.RawMatrix().Data[i] = scale * rng.NormFloat64()
	}
	return m
}

// TestTheReferenceItself scores the images of the reference half: nothing can be nearer. The unbiased kernel distance
// is then negative, by about 2/n of the kernel's variation.
func TestTheReferenceItself(t *testing.T) {
	const n, d, k = 150, 12, 4
	rng := rand.New(rand.NewPCG(1, 1))
	half := pixelsOf(normal(rng, n, square(rng, d, 0.2), false), make([]float64, d))
	got := values(t)(referenceOf(t, half, d, ReferenceOptions{Features: 8, Neighbours: k}).Measure(half))
	for name, want := range map[string]float64{
		"sliced Wasserstein": 0, "Frechet distance": 0, "nearest training image": 0,
		"precision": 1, "recall": 1, "coverage": 1, "density": (k + 1.) / k, // a ball holds its centre and k more
	} {
		if math.Abs(got[name]-want) > 1e-7 { // the root of a rounding error
			t.Errorf("%s: %g, want %g", name, got[name], want)
		}
	}
	if v := got["kernel distance"]; v >= 0 {
		t.Errorf("kernel distance %g, want a negative one", v)
	}
}

// TestFrechetDistanceOfGaussians uses sets whose means and covariances are exactly known. The trace of the root of
// C1^1/2 C2 C1^1/2 is that of the roots of the eigenvalues of C1 C2.
func TestFrechetDistanceOfGaussians(t *testing.T) {
	const d = 5
	rng := rand.New(rand.NewPCG(2, 1))
	m1, m2 := square(rng, d, 0.3), square(rng, d, 0.3)
	shift := []float64{0.3, -0.2, 0.1, 0, 0.5}
	want := 0.0
	for _, s := range shift {
		want += s * s
	}
	var c1, c2, product mat.Dense
	c1.Mul(m1, m1.T())
	c2.Mul(m2, m2.T())
	product.Mul(&c1, &c2)
	var eigen mat.Eigen
	if !eigen.Factorize(&product, mat.EigenNone) {
		t.Fatal("no eigenvalues")
	}
	want += mat.Trace(&c1) + mat.Trace(&c2)
	for _, v := range eigen.Values(nil) {
		want -= 2 * math.Sqrt(real(v))
	}
	r := referenceOf(t, pixelsOf(normal(rng, 60, m1, true), make([]float64, d)), d, ReferenceOptions{})
	scores, err := r.Measure(pixelsOf(normal(rng, 40, m2, true), shift))
	got := values(t)(scores, err)["Frechet distance"]
	if math.Abs(got-want) > 1e-5*want {
		t.Errorf("%g, want %g", got, want)
	}
	named := func(s result.Score) bool { return s.Name == "Frechet distance, PCA 5" && s.N == 40 }
	if !slices.ContainsFunc(scores, named) {
		t.Errorf("no score is named by the 5 features and counts the 40 samples: %+v", scores)
	}
}

// TestFeaturesAreTheLargestComponents asks for fewer components than pixels: only differences within them count.
func TestFeaturesAreTheLargestComponents(t *testing.T) {
	const d, n = 40, 300
	rng := rand.New(rand.NewPCG(3, 1))
	m := mat.NewDense(d, d, nil)
	for j := range d {
		m.Set(j, (7*j)%d, 0.8*math.Pow(0.8, float64(j))) // variances 0.64 * 0.64^j, of pixel j
	}
	r := referenceOf(t, pixelsOf(normal(rng, n, m, true), make([]float64, d)), d, ReferenceOptions{Features: 6})
	for j, v := range r.variance {
		if want := 0.64 * math.Pow(0.64, float64(j)); math.Abs(v/want-1) > 1e-4 {
			t.Errorf("component %d: variance %g, want %g", j, v, want)
		}
	}
	if len(r.variance) != 6 {
		t.Fatalf("%d components", len(r.variance))
	}
	shift := make([]float64, d)
	shift[2], shift[30] = 0.5, 3 // of which pixel 30 is none of the six
	got := values(t)(r.Measure(pixelsOf(normal(rng, n, m, true), shift)))["Frechet distance"]
	if math.Abs(got-0.25) > 1e-2 {
		t.Errorf("Frechet distance %g, want 0.25", got)
	}
	// Images on a plane have two features, however many are asked for.
	plane := mat.NewDense(d, d, nil)
	plane.Set(3, 0, 1)
	plane.Set(9, 1, 0.5)
	flat := pixelsOf(normal(rng, n, plane, false), make([]float64, d))
	if r := referenceOf(t, flat, d, ReferenceOptions{}); len(r.variance) != 2 {
		t.Errorf("%d features of images on a plane", len(r.variance))
	}
}

// TestSlicedWassersteinOfAShift relies on this: a shift by s moves the projection on a direction by s.direction, whose
// mean square is |s|^2/pixels.
func TestSlicedWassersteinOfAShift(t *testing.T) {
	const d, n, directions = 30, 25, 2000
	rng := rand.New(rand.NewPCG(4, 1))
	x := normal(rng, n, square(rng, d, 0.2), false)
	shift, norm := make([]float64, d), 0.0
	for i := range shift {
		shift[i] = 0.3 * rng.NormFloat64()
		norm += shift[i] * shift[i]
	}
	r := referenceOf(t, pixelsOf(x, make([]float64, d)), d, ReferenceOptions{Projections: directions})
	got := values(t)(r.Measure(pixelsOf(x, shift)))["sliced Wasserstein"]
	if want := math.Sqrt(norm / d); math.Abs(got/want-1) > 5*math.Sqrt(0.5/directions) {
		t.Errorf("%g, want %g", got, want)
	}
}

// TestSlicedWassersteinOfUnequalNumbers couples 2 and 3 values on a line by hand: half of the second of the three goes
// to each of the two.
func TestSlicedWassersteinOfUnequalNumbers(t *testing.T) {
	r := referenceOf(t, []float32{1, 0}, 1, ReferenceOptions{Neighbours: 1, Projections: 3})
	got := values(t)(r.Measure([]float32{0.5, 0, 1}))["sliced Wasserstein"]
	if want := math.Sqrt(0.25 / 3); math.Abs(got-want) > 1e-9 {
		t.Errorf("%g, want %g", got, want)
	}
}

// TestKernelDistanceIsUnbiased averages the distances of many small sets to a large one of the same Gaussian: the mean
// is 0. The mean of the biased estimate would be that of k(x, x) - k(x, x'), divided by n: more than 7/n.
func TestKernelDistanceIsUnbiased(t *testing.T) {
	const d, n, sets = 4, 12, 400
	rng := rand.New(rand.NewPCG(5, 1))
	m := square(rng, d, 0.4)
	none := make([]float64, d)
	r := referenceOf(t, pixelsOf(normal(rng, 3000, m, false), none), d, ReferenceOptions{Projections: 1})
	var of []float64
	for range sets {
		c := r.compare(imageSet{pixelsOf(normal(rng, n, m, false), none), d, 1}, false)
		c.subsets = c.subsets[:1]
		v, err := c.kernelDistance()
		if err != nil {
			t.Fatal(err)
		}
		of = append(of, v[0])
	}
	mean, std := stat.MeanStdDev(of, nil)
	if math.Abs(mean) > 5*std/math.Sqrt(sets) || std/math.Sqrt(sets) > 0.1 {
		t.Errorf("mean %g, standard error %g", mean, std/math.Sqrt(sets))
	}
}

// TestKernelDistanceByHand compares two sets of values +1 and -1. Within the reference 2 of 6 pairs are equal. The
// samples are all 1.
func TestKernelDistanceByHand(t *testing.T) {
	const scale = 3. / 4 // 1/variance of 1, 1, -1, -1, divided by 3
	r := referenceOf(t, []float32{1, -1, -1, 1}, 1, ReferenceOptions{Neighbours: 1})
	got := values(t)(r.Measure([]float32{1, 1, 1}))["kernel distance"]
	equal, opposite := math.Pow(1+scale, 3), math.Pow(1-scale, 3)
	within := (2*equal + 4*opposite) / 6
	want := within + equal - (equal + opposite)
	if math.Abs(got-want) > 1e-9 {
		t.Errorf("%g, want %g", got, want)
	}
}

func TestReferenceErrors(t *testing.T) {
	nan := make([]float32, 40)
	nan[17] = float32(math.NaN())
	ramp := make([]float32, 40)
	for i := range ramp {
		ramp[i] = float32(i * i)
	}
	r, err := NewReference(ramp, 2, ReferenceOptions{Neighbours: 3}) // 20 images
	if err != nil {
		t.Fatal(err)
	}
	create := func(images []float32, pixels int, o ReferenceOptions) error {
		_, err := NewReference(images, pixels, o)
		return err
	}
	measure := func(samples []float32) error { _, err := r.Measure(samples); return err }
	floor := func(n int) error { _, err := r.Floor(n); return err }
	for name, tt := range map[string]struct {
		err  error
		says string
	}{
		"no images":         {create(nil, 2, ReferenceOptions{}), "at least 12 are needed"},
		"no pixels":         {create(ramp, 0, ReferenceOptions{}), "0 pixels"},
		"part of an image":  {create(ramp, 3, ReferenceOptions{}), "40 values"},
		"few images":        {create(ramp[:14], 2, ReferenceOptions{Neighbours: 3}), "at least 8 are needed"},
		"infinite image":    {create(nan, 2, ReferenceOptions{}), "number 8"},
		"equal images":      {create(make([]float32, 40), 2, ReferenceOptions{}), "all equal"},
		"negative":          {create(ramp, 2, ReferenceOptions{Neighbours: -1}), "-1 neighbours"},
		"no samples":        {measure(nil), "at least 4 are needed"},
		"few samples":       {measure(ramp[:6]), "at least 4 are needed"},
		"part of a sample":  {measure(ramp[:9]), "9 values"},
		"infinite sample":   {measure(nan), "number 8"},
		"large floor":       {floor(11), "only 10"},
		"small floor":       {floor(2), "at least 4 are needed"},
		"negative floor":    {floor(-1), "at least 4 are needed"},
		"floor as it is":    {floor(10), ""},
		"samples as needed": {measure(ramp[:8]), ""},
	} {
		switch {
		case tt.says == "" && tt.err != nil:
			t.Errorf("%s: %v", name, tt.err)
		case tt.says != "" && (tt.err == nil || !strings.Contains(tt.err.Error(), tt.says)):
			t.Errorf("%s: error %v does not say %q", name, tt.err, tt.says)
		}
	}
}
