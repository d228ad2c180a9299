package model_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"tweedie/nets/layer"
	"tweedie/nets/model"
	"tweedie/nets/model/modeltest"
	"tweedie/nets/unet"
)

// randomUNet is a network in which every parameter has an effect.
func randomUNet(t *testing.T, height, width int) *model.Model {
	t.Helper()
	return modeltest.Random(t, unet.Config{Channels: 3, Height: height, Width: width,
		Base: 8, Multipliers: []int{1, 2, 1}, Blocks: 1, Attention: []int{8}})
}

// forward computes F of images in calls of at most batch.
func forward(t *testing.T, m *model.Model, x, c []float32, batch int) []float32 {
	y, size, network := make([]float32, len(x)), len(x)/len(c), m.Network()
	for i := 0; i < len(c); i += batch {
		last := min(i+batch, len(c))
		if err := network.Forward(y[i*size:last*size], x[i*size:last*size], c[i:last]); err != nil {
			t.Fatal(err)
		}
	}
	return y
}

// turned maps channel k of every pixel to channel k-1, and adds k; images of another layout would mix channels and
// pixels.
type turned struct{ channels, height, width int }

func (a turned) Kind() string           { return "turned" }
func (a turned) Shape() (int, int, int) { return a.channels, a.height, a.width }
func (a turned) Build(g *layer.Graph, x, _ *layer.Node) *layer.Node {
	w := func(v []float32, _ *rand.Rand) {
		for k := range a.channels {
			v[k*a.channels+(k+1)%a.channels] = 1
		}
	}
	b := func(v []float32, _ *rand.Rand) {
		for k := range v {
			v[k] = float32(k)
		}
	}
	return g.Linear(x, g.Parameter("w", w, a.channels, a.channels), g.Parameter("b", b, a.channels), nil)
}

func TestImagesAreNCHW(t *testing.T) {
	for _, a := range []turned{{1, 4, 3}, {3, 1, 1}, {3, 5, 4}, {2, 1, 7}} {
		pixels := a.height * a.width
		x := modeltest.Normal(2*a.channels*pixels, modeltest.RNG())
		y := forward(t, modeltest.New(t, a), x, []float32{0, 0}, 2)
		for i, v := range y {
			image, k, pixel := i/(a.channels*pixels), i/pixels%a.channels, i%pixels
			if want := x[(image*a.channels+(k+1)%a.channels)*pixels+pixel] + float32(k); v != want {
				t.Fatalf("%+v: image %d, channel %d, pixel %d is %v, want %v", a, image, k, pixel, v, want)
			}
		}
	}
}

func TestResultDoesNotDependOnTheBatch(t *testing.T) {
	m := randomUNet(t, 30, 27)
	const n, size = 40, 3 * 30 * 27
	x, c := modeltest.Normal(n*size, modeltest.RNG()), modeltest.Normal(n, modeltest.RNG())
	want := forward(t, m, x, c, 1)
	for _, batch := range []int{5, 40} { // 40 is cut into graphs of 32 and 8
		y := forward(t, m, x, c, batch)
		for i := range n {
			if !slices.Equal(y[i*size:][:size], want[i*size:][:size]) {
				t.Errorf("in batches of %d, image %d differs from its result alone", batch, i)
				break
			}
		}
	}
}

// A network for images whose sides do not divide by 4 is the one for images that do, on images extended by reflection.
func TestOddSizesArePaddedByReflection(t *testing.T) {
	const height, width = 30, 27
	odd, even := randomUNet(t, height, width), randomUNet(t, 32, 28)
	x, c := modeltest.Normal(3*height*width, modeltest.RNG()), []float32{0.3}
	var extended []float32
	for k := range 3 {
		for i := range 32 {
			for j := range 28 {
				extended = append(extended, x[(k*height+min(i, 2*(height-1)-i))*width+min(j, 2*(width-1)-j)])
			}
		}
	}
	got, full := forward(t, odd, x, c, 1), forward(t, even.WithParameters(odd.Parameters), extended, c, 1)
	var want []float32
	for row := range slices.Chunk(full, 28) {
		want = append(want, row[:width]...)
	}
	for k := range 3 {
		plane := want[k*32*width:][:height*width]
		if !slices.Equal(got[k*height*width:][:height*width], plane) {
			t.Errorf("channel %d is not that of the extended image", k)
		}
	}
}

// A network follows its parameters, in graphs that already ran and in those to come.
func TestNetworkFollowsItsParameters(t *testing.T) {
	m := randomUNet(t, 8, 8)
	x, c := modeltest.Normal(2*3*8*8, modeltest.RNG()), []float32{0.1, -0.5}
	network := m.Network()
	y, before := make([]float32, len(x)), forward(t, m, x, c, 2)
	for _, p := range m.Parameters.All() {
		values := slices.Clone(p.Data())
		if err := network.Forward(y, x, c); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(y, before) {
			t.Fatalf("before %s changed: another result", p.Name)
		}
		for i := range p.Data() {
			p.Data()[i] += 0.1 * float32(i%3+1)
		}
		m.Parameters.Changed()
		if err := network.Forward(y, x, c); err != nil {
			t.Fatal(err)
		}
		if slices.Equal(y, before) {
			t.Errorf("%s changed, the result did not", p.Name)
		}
		copy(p.Data(), values)
		m.Parameters.Changed()
	}
	for _, p := range m.Parameters.All() {
		p.Data()[0]++
	}
	m.Parameters.Changed()
	if err := network.Forward(y, x, c); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(y, forward(t, m, x, c, 2)) {
		t.Error("all changed: a new network has another result than one that ran before")
	}
}

// A copy of the parameters is another network; the original does not see its changes.
func TestClonedParametersAreApart(t *testing.T) {
	m := randomUNet(t, 8, 8)
	x, c := modeltest.Normal(3*8*8, modeltest.RNG()), []float32{0.1}
	clone := m.WithParameters(m.Parameters.Clone())
	want := forward(t, m, x, c, 1)
	if !slices.Equal(forward(t, clone, x, c, 1), want) {
		t.Error("a copy has another result")
	}
	clone.Parameters.Get("conv_out.bias").Data()[0]++
	clone.Parameters.Changed()
	if slices.Equal(forward(t, clone, x, c, 1), want) || !slices.Equal(forward(t, m, x, c, 1), want) {
		t.Error("a change to the copy went to the original")
	}
}

func TestLossIsTheWeightedSquaredError(t *testing.T) {
	m := randomUNet(t, 10, 7)
	const n, size = 5, 3 * 10 * 7
	trainer := modeltest.Trainer(t, m, n)
	r := modeltest.RNG()
	for range 3 {
		x, c, target := modeltest.Normal(n*size, r), modeltest.Normal(n, r), modeltest.Normal(n*size, r)
		weight := []float32{1, 0, 0.5, 2, 0.25}
		var want float64
		for i, f := range forward(t, m, x, c, n) {
			want += float64(weight[i/size]) * math.Pow(float64(f)-float64(target[i]), 2)
		}
		loss, err := trainer.Run(x, c, target, weight)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(loss-want) > 1e-5*want {
			t.Errorf("loss %v, want %v", loss, want)
		}
	}
}

func TestForwardReportsWrongLengths(t *testing.T) {
	network := randomUNet(t, 8, 8).Network()
	const size = 3 * 8 * 8
	for _, tt := range []struct {
		name      string
		dst, x, c int
	}{
		{"part of an image", size - 1, size - 1, 1},
		{"a noise level too many", size, size, 2},
		{"no room for the result", size, 2 * size, 2},
	} {
		if err := network.Forward(make([]float32, tt.dst), make([]float32, tt.x), make([]float32, tt.c)); err == nil {
			t.Errorf("%s: no error", tt.name)
		}
	}
}
