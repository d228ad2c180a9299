package exact

import "gonum.org/v1/gonum/mat"

// Linear returns the best affine denoiser of the mixture, that of a Gaussian with the same mean and covariance:
//
//	mu = sum_j w_j mu_j,  C = sum_j w_j (C_j + (mu_j - mu)(mu_j - mu)^T).
//
// Its mean squared error on the mixture is its MMSE as a Gaussian.
func (m *Mixture) Linear() (*Gaussian, error) {
	d := len(m.components[0].mean)
	mean := make([]float64, d)
	for j, g := range m.components {
		for i, v := range g.mean {
			mean[i] += m.weight(j) * v
		}
	}
	c := mat.NewSymDense(d, nil)
	for j, g := range m.components {
		var own mat.SymDense
		own.ScaleSym(m.weight(j), g.covariance())
		c.AddSym(c, &own)
		away := mat.NewVecDense(d, nil)
		for i, v := range g.mean {
			away.SetVec(i, v-mean[i])
		}
		c.SymRankOne(c, m.weight(j), away)
	}
	return NewGaussian(mean, c)
}

// covariance returns C, which is P P^T if the Gaussian was made of few images, and otherwise P T P^T.
func (g *Gaussian) covariance() *mat.SymDense {
	d, r := g.basis.Dims()
	right := mat.DenseCopyOf(g.basis.T())
	if !g.gram {
		t := mat.NewSymDense(r, nil)
		for i, v := range g.t.diagonal {
			t.SetSym(i, i, v)
		}
		for i, v := range g.t.off {
			t.SetSym(i, i+1, v)
		}
		right.Mul(t, g.basis.T())
	}
	var c mat.Dense
	c.Mul(g.basis, right)
	symmetric := mat.NewSymDense(d, nil)
	for i := range d {
		for j := i; j < d; j++ {
			symmetric.SetSym(i, j, (c.At(i, j)+c.At(j, i))/2)
		}
	}
	return symmetric
}
