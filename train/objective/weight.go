package objective

import "math"

// Weight is w(sigma), the weight of the squared error of an image at noise level sigma > 0.
type Weight interface {
	At(sigma float64) float64
}

// EDM is the weight (sigma^2 + DataStd^2) / (sigma DataStd)^2 of Karras et al. 2022. With the EDM parameterization, the
// network's own output F then has the same weight at every sigma. DataStd is the standard deviation of the images'
// values.
type EDM struct{ DataStd float64 }

func (e EDM) At(sigma float64) float64 {
	product := sigma * e.DataStd
	return (sigma*sigma + e.DataStd*e.DataStd) / (product * product)
}

// Power is the weight sigma^Exponent. The exponent is -2 for NCSN's own weighting, VE SDE and DDPM, -4 for the NCSN row
// as the paper's table prints it, and 0 for the plain mean squared error.
type Power struct{ Exponent float64 }

func (p Power) At(sigma float64) float64 { return math.Pow(sigma, p.Exponent) }
