package calibration

import (
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"tweedie/nets"
)

// aligned is the MMSE denoiser of a mixture whose covariances have the same eigenvectors U, such as multiples of one.
// Along them pixels are independent, C_j = U diag(l_j) U^T, so an image takes two products with U and O(d) operations a
// component, where exact.Mixture takes products with a matrix for each component. Values are those of exact.Mixture.
type aligned struct {
	logWeights  []float64
	vectors     *mat.Dense  // U
	means       [][]float64 // U^T mu_j
	eigenvalues [][]float64 // l_j
}

// align returns the denoiser of a mixture, or nil if the covariances do not have the same eigenvectors.
func align(c components) *aligned {
	var eigen mat.EigenSym
	if !eigen.Factorize(c.normals[0].covariance, true) {
		return nil
	}
	a := &aligned{vectors: new(mat.Dense)}
	eigen.VectorsTo(a.vectors)
	for j, n := range c.normals {
		var rotated mat.Dense
		rotated.Product(a.vectors.T(), n.covariance, a.vectors)
		d, _ := rotated.Dims()
		l, scale := make([]float64, d), mat.Max(&rotated)
		for i := range d {
			l[i] = rotated.At(i, i)
			rotated.Set(i, i, 0)
		}
		if max(mat.Max(&rotated), -mat.Min(&rotated)) > 1e-12*scale {
			return nil
		}
		var mean mat.VecDense
		mean.MulVec(a.vectors.T(), n.mean)
		a.logWeights = append(a.logWeights, math.Log(c.weights[j]))
		a.means, a.eigenvalues = append(a.means, mean.RawVector().Data), append(a.eigenvalues, l)
	}
	return a
}

// Denoise implements nets.Denoiser.
func (a *aligned) Denoise(dst, x []float32, sigma float64) error {
	d := len(a.means[0])
	if err := nets.CheckDenoise(dst, x, sigma, d); err != nil {
		return err
	}
	if len(x) == 0 {
		return nil
	}
	precisions, logs := make([][]float64, len(a.means)), make([]float64, len(a.means)) // of the noisy components
	for j, l := range a.eigenvalues {
		precisions[j], logs[j] = make([]float64, d), a.logWeights[j]
		for i, l := range l {
			precisions[j][i] = 1 / (l + sigma*sigma)
			logs[j] += math.Log(precisions[j][i]) / 2
		}
	}
	images, z := mat.NewDense(len(x)/d, d, nil), new(mat.Dense)
	for i, v := range x {
		images.RawMatrix().Data[i] = float64(v)
	}
	z.Mul(images, a.vectors)
	p, pull := make([]float64, len(a.means)), make([]float64, d)
	for k := range len(x) / d {
		z := z.RawRowView(k)
		for j, mean := range a.means {
			square := 0.0
			for i, precision := range precisions[j] {
				e := z[i] - mean[i]
				square += e * e * precision
			}
			p[j] = logs[j] - square/2
		}
		normalize(p)
		clear(pull) // (x - D)/sigma^2, minus the score
		for j, p := range p {
			if p < 1e-12 {
				continue
			}
			for i, precision := range precisions[j] {
				pull[i] += p * precision * (z[i] - a.means[j][i])
			}
		}
		floats.AddScaled(z, -sigma*sigma, pull)
	}
	images.Mul(z, a.vectors.T())
	for i, v := range images.RawMatrix().Data {
		dst[i] = float32(v)
	}
	return nil
}
