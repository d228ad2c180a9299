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
	if err := nets.CheckDenoise(dst, x, sigma, len(a.means[0])); err != nil {
		return err
	}
	a.rotated(dst, x, nil, sigma, func(z, score, _ []float64) { floats.AddScaled(z, sigma*sigma, score) })
	return nil
}

// Pullback implements nets.Differentiable. With the scores s_j of the noisy components and s of the mixture, the
// Hessian of its log density gives
//
//	J v = v + sigma^2 (sum_j p_j (s_j <s_j, v> - (C_j + sigma^2 I)^-1 v) - s <s, v>).
func (a *aligned) Pullback(dst, x, v []float32, sigma float64) error {
	if err := nets.CheckPullback(dst, x, v, sigma, len(a.means[0])); err != nil {
		return err
	}
	a.rotated(dst, x, v, sigma, func(z, score, hessian []float64) {
		for i, h := range hessian {
			z[i] = sigma * sigma * h
		}
	})
	for i, v := range v {
		dst[i] += v
	}
	return nil
}

// rotated calls f for each image, with its coordinates z along the eigenvectors, the score there and, if v is not nil,
// the product of the Hessian of the log density with v. f overwrites z, which is rotated back and written to dst.
func (a *aligned) rotated(dst, x, v []float32, sigma float64, f func(z, score, hessian []float64)) {
	d := len(a.means[0])
	if len(x) == 0 {
		return
	}
	precisions, logs := make([][]float64, len(a.means)), make([]float64, len(a.means)) // of the noisy components
	for j, l := range a.eigenvalues {
		precisions[j], logs[j] = make([]float64, d), a.logWeights[j]
		for i, l := range l {
			precisions[j][i] = 1 / (l + sigma*sigma)
			logs[j] += math.Log(precisions[j][i]) / 2
		}
	}
	z, along := a.rotate(x, d), new(mat.Dense)
	if v != nil {
		along = a.rotate(v, d)
	}
	p, one, score, hessian := make([]float64, len(a.means)), make([]float64, d), make([]float64, d), make([]float64, d)
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
		clear(score)
		clear(hessian)
		for j, p := range p {
			if p < 1e-12 {
				continue
			}
			for i, precision := range precisions[j] {
				one[i] = precision * (a.means[j][i] - z[i])
			}
			floats.AddScaled(score, p, one)
			if v != nil {
				v := along.RawRowView(k)
				floats.AddScaled(hessian, p*floats.Dot(one, v), one)
				for i, precision := range precisions[j] {
					hessian[i] -= p * precision * v[i]
				}
			}
		}
		if v != nil {
			floats.AddScaled(hessian, -floats.Dot(score, along.RawRowView(k)), score)
		}
		f(z, score, hessian)
	}
	var images mat.Dense
	images.Mul(z, a.vectors.T())
	for i, v := range images.RawMatrix().Data {
		dst[i] = float32(v)
	}
}

// rotate returns the coordinates of images along the eigenvectors, one image a row.
func (a *aligned) rotate(x []float32, d int) *mat.Dense {
	images, z := mat.NewDense(len(x)/d, d, nil), new(mat.Dense)
	for i, v := range x {
		images.RawMatrix().Data[i] = float64(v)
	}
	z.Mul(images, a.vectors)
	return z
}
