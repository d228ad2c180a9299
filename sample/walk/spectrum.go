package walk

import "math"

// A Spectrum is a Gaussian prior N(mu, C) as far as a walk needs to know it: the eigenvalues of C, and how much of mu
// lies along eigenvectors of which eigenvalue. A walk moves along each eigenvector as if there were no other.
type Spectrum []Band

// A Band is some directions of image space along which images have the same variance.
type Band struct {
	Variance float64 // l, an eigenvalue of C
	Count    float64 // number of directions that the samples' variance is compared in
	Mean     float64 // squared length of mu in these directions
}

// NewSpectrum returns the spectrum of a covariance with the given eigenvalues. Its mean has the squared length square;
// in the direction of the mean, images have the given variance.
func NewSpectrum(eigenvalues []float64, square, variance float64) Spectrum {
	var s Spectrum
	if square > 0 {
		s = append(s, Band{Variance: variance, Mean: square})
	}
	for _, l := range eigenvalues {
		s = append(s, Band{Variance: l, Count: 1})
	}
	return s
}

// trace returns the trace of C, the variance of all directions together.
func (s Spectrum) trace() float64 {
	total := 0.0
	for _, b := range s {
		total += b.Count * b.Variance
	}
	return total
}

// grouped returns a shorter spectrum in which neighbours have the mean of their variances. A group has at most an
// eighth as many directions as there are before it, so that the largest eigenvalues stay alone.
func (s Spectrum) grouped() Spectrum {
	var groups Spectrum
	before, last := 0.0, -1 // directions in groups that are full, and the group that is not
	for _, b := range s {
		if b.Mean > 0 {
			groups = append(groups, b)
			continue
		}
		if last < 0 || groups[last].Count+b.Count > before/8 {
			if last >= 0 {
				before += groups[last].Count
			}
			groups, last = append(groups, b), len(groups)
			continue
		}
		g := &groups[last]
		g.Variance = (g.Count*g.Variance + b.Count*b.Variance) / (g.Count + b.Count)
		g.Count += b.Count
	}
	return groups
}

// A GaussianError says how far a walk is from a Gaussian prior, if its denoiser is the MMSE estimator of that prior.
// Distances are shares of the prior's standard deviation, sqrt(trace C): 0 is exact, and noise of the images' own size
// that is left in the samples would be about 0.4.
type GaussianError struct {
	// Samples is the 2-Wasserstein distance of the samples to the prior, which is also their Frechet distance. With the
	// mean m_j and the variance v_j of the samples along the eigenvector of l_j, its square is
	//
	//	sum_j (m_j - mu_j)^2 + (sqrt(v_j) - sqrt(l_j))^2.
	Samples float64

	// Inputs is the error of what the denoiser is given, as the root mean square over the steps. It is trained on X +
	// sigma n, and step k gives it x_k, whose variance along the eigenvector of l_j should be V = l_j + sigma_k^2. What
	// is missing counts by the gain of the denoiser, l_j/V, with which it enters the denoised image. What there is too
	// much of counts in full: a network takes noise of standard deviation sigma_k for what it is told to remove, and
	// the rest for a part of the image, which then stays in the samples. The denoiser of a Gaussian removes a share of
	// all noise instead, so that Samples knows nothing of such errors.
	Inputs float64

	// Worst is the direction where the standard deviation of the samples is the furthest from the prior's.
	Worst Direction
}

// A Direction is an eigenvector of the prior's covariance.
type Direction struct {
	Prior, Samples float64 // standard deviations
}

// Error follows the mean and the variance of the walk's samples along each eigenvector of a prior (paper section 7).
// With a likelihood, the error is that of directions which A does not see.
func (w Walk) Error(s Spectrum) GaussianError { return w.errorWith(s, 1) }

// errorWith is Error for x_k that should have noise of standard deviation room sigma_k.
func (w Walk) errorWith(s Spectrum, room float64) GaussianError {
	m, v := make([]float64, len(s)), make([]float64, len(s)) // m is a share of mu
	for j := range v {
		v[j] = w.startStd() * w.startStd()
	}
	trace, inputs := s.trace(), 0.0
	for k := range w.Sigma {
		c := w.At(k)
		for j, b := range s {
			gain := b.Variance / (b.Variance + c.Sigma*c.Sigma)
			inputs += gain * gain * b.Mean * (m[j] - 1) * (m[j] - 1)
			want := b.Variance + room*room*c.Sigma*c.Sigma
			if v[j] > want {
				gain = 1
			}
			d := math.Sqrt(v[j]) - math.Sqrt(want)
			inputs += gain * gain * b.Count * d * d
			m[j], v[j] = c.moments(1, b.Variance, m[j], v[j])
		}
	}
	var e GaussianError
	samples, worst := 0.0, 0.0
	for j, b := range s {
		d := Direction{math.Sqrt(b.Variance), math.Sqrt(v[j])}
		off := math.Abs(d.Samples - d.Prior)
		samples += b.Mean*(m[j]-1)*(m[j]-1) + b.Count*off*off
		if b.Count > 0 && off >= worst {
			worst, e.Worst = off, d
		}
	}
	e.Samples = math.Sqrt(samples / trace)
	e.Inputs = math.Sqrt(inputs / trace / float64(len(w.Sigma)))
	return e
}
