package walk

import (
	"errors"
	"fmt"
	"math"
)

// A PowerLaw is a covariance whose eigenvalues fall with frequency as the power spectra of photographs do,
//
//	l(f) = Scale/(f^2 + Corner^2)^(Exponent/2),
//
// f in cycles per image. There are pi f^2 frequencies below f, so that the j-th largest eigenvalue, j = 0, 1, ..., has
// the frequency f_j = sqrt((j + 1/2)/pi). Counted in this way, frequencies do not depend on coordinates: the law also
// serves for images that are not stationary, such as letters.
type PowerLaw struct{ Scale, Corner, Exponent float64 }

// frequency returns f_j.
func frequency(j int) float64 { return math.Sqrt((float64(j) + 0.5) / math.Pi) }

// Eigenvalues returns the d largest eigenvalues.
func (p PowerLaw) Eigenvalues(d int) []float64 {
	values := make([]float64, d)
	for j := range values {
		f := frequency(j)
		values[j] = p.Scale * math.Pow(f*f+p.Corner*p.Corner, -p.Exponent/2)
	}
	return values
}

// insignificant is a variance that cannot be seen, that of one of 256 levels: eigenvalues far below it count as equal.
const insignificant = (2. / 255) * (2. / 255)

// FitPowerLaw returns the power law that is nearest to some eigenvalues, the largest first: that with the least mean
// square of log(l_j/l(f_j)), in which each octave of frequencies counts alike. Misfit is the factor, 1 or more, by
// which eigenvalues are off in this mean. Fewer than 4 eigenvalues, negative ones, and those of images that are all
// equal are errors.
func FitPowerLaw(eigenvalues []float64) (law PowerLaw, misfit float64, err error) {
	if len(eigenvalues) < 4 {
		return law, 0, fmt.Errorf("walk: %d eigenvalues: a power law is fitted to 4 or more", len(eigenvalues))
	}
	for j, l := range eigenvalues {
		if !(l >= 0) || math.IsInf(l, 1) {
			return law, 0, fmt.Errorf("walk: eigenvalue %d is %g: none may be negative, and all must be finite", j, l)
		}
	}
	if eigenvalues[0] == 0 {
		return law, 0, errors.New("walk: a power law of images that are all equal: they must differ")
	}
	at := func(x []float64) PowerLaw { return PowerLaw{math.Exp(x[0]), math.Exp(x[1]), x[2]} }
	meanSquare := func(x []float64) float64 {
		sum, weights := 0.0, 0.0
		for j, l := range at(x).Eigenvalues(len(eigenvalues)) {
			weight := 1 / (float64(j) + 0.5)
			d := math.Log((l + insignificant) / (eigenvalues[j] + insignificant))
			sum, weights = sum+weight*d*d, weights+weight
		}
		return orInf(sum / weights)
	}
	best := math.Inf(1)
	for _, corner := range []float64{0.1, 1, 5} {
		const exponent = 3
		scale := eigenvalues[0] * math.Pow(corner*corner+frequency(0)*frequency(0), exponent/2.)
		x := []float64{math.Log(scale), math.Log(corner), exponent}
		for range 2 { // a simplex may collapse early: begin again where it did
			var value float64
			if x, value = minimize(meanSquare, x, 0.5, 400); value < best {
				best, law = value, at(x)
			}
		}
	}
	return law, math.Exp(math.Sqrt(best)), nil
}

// orInf returns v, or +Inf if it is not a number.
func orInf(v float64) float64 {
	if math.IsNaN(v) {
		return math.Inf(1)
	}
	return v
}
