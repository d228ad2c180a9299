package nets

import (
	"fmt"
	"math"
	"sync"
)

// A Kind names what a network predicts (paper section 2).
type Kind string

// The parameterizations of a denoiser.
const (
	PredictDenoiser Kind = "denoiser" // D = F: the clean image itself
	PredictScore    Kind = "score"    // D = x + sigma^2 s, s = F/sigma: NCSN, VE SDE
	PredictEpsilon  Kind = "epsilon"  // D = x - sigma F(sqrt(alphaBar) x, t(sigma)): DDPM, VP SDE
	PredictVEScore  Kind = "ve-score" // D = x + sigma^2 s, s = F(x, sigma): NCSN++, which divides by sigma itself
	PredictEDM      Kind = "edm"      // D = c_skip x + c_out F(c_in x, ln(sigma)/4): Karras 2022
)

// A Parameterization is the rule by which a network F becomes a denoiser D.
type Parameterization struct {
	Kind Kind
	// DataStd is sd, the standard deviation of the data's pixels in [-1, 1] units. It must be positive;
	// PredictEpsilon and PredictVEScore do not use it.
	DataStd float64
}

// Coefficients are the numbers of D(x, sigma) = Skip x + Out F(In x, Noise) at one sigma. Noise is the network's c:
// an embedding multiplies it by 1000.
type Coefficients struct {
	Skip, Out, In, Noise float64
}

// Validate reports an unknown Kind, and a DataStd that is not positive and finite where the Kind uses it.
func (p Parameterization) Validate() error {
	switch p.Kind {
	case PredictEpsilon, PredictVEScore:
		return nil
	case PredictDenoiser, PredictScore, PredictEDM:
		if !(p.DataStd > 0) || math.IsInf(p.DataStd, 1) {
			return fmt.Errorf("nets: data std %g of parameterization %q: it must be positive and finite",
				p.DataStd, p.Kind)
		}
		return nil
	}
	return fmt.Errorf("nets: unknown parameterization %q: known are %q, %q, %q, %q and %q", p.Kind,
		PredictDenoiser, PredictScore, PredictEpsilon, PredictVEScore, PredictEDM)
}

// ddpm is the table of noise levels whose times condition an epsilon network.
var ddpm = sync.OnceValue(func() *VP { return LinearBetas(1e-4, 0.02, 1000) })

// At returns the coefficients at sigma > 0. EDM's are those of Karras 2022.
//
// The input of an epsilon network is in DDPM's own coordinates, sqrt(alphaBar) x with sqrt(alphaBar) =
// 1/sqrt(1+sigma^2), and c = t/1000, so that an embedding of 1000 c has t in [0, 999]. The input of a VE score
// network is x and sigma as they are. That of the others is x/sqrt(sigma^2+sd^2): the variance of x is sd^2+sigma^2,
// so their input has unit variance at every sigma, whereas x itself would grow with sigma to hundreds.
//
// At panics if the Kind is unknown; Validate reports that as an error.
func (p Parameterization) At(sigma float64) Coefficients {
	v := math.Hypot(sigma, p.DataStd) // sqrt(sigma^2+sd^2)
	c := math.Log(sigma) / 4
	switch p.Kind {
	case PredictDenoiser:
		return Coefficients{Skip: 0, Out: 1, In: 1 / v, Noise: c}
	case PredictScore:
		return Coefficients{Skip: 1, Out: sigma, In: 1 / v, Noise: c}
	case PredictEpsilon:
		return Coefficients{Skip: 1, Out: -sigma, In: 1 / math.Hypot(1, sigma), Noise: ddpm().Time(sigma) / 1000}
	case PredictVEScore:
		return Coefficients{Skip: 1, Out: sigma * sigma, In: 1, Noise: sigma}
	case PredictEDM:
		skip := p.DataStd / v
		return Coefficients{Skip: skip * skip, Out: sigma * skip, In: 1 / v, Noise: c}
	}
	panic(fmt.Sprintf("nets: unknown parameterization %q", p.Kind))
}

// Target returns the coefficients of the ideal output a X + b n of F for the noisy image X + sigma n: a =
// (1-Skip)/Out and b = -Skip sigma/Out, simplified so that nothing cancels. Minimising |a X + b n - F|^2 weighted by
// Out^2 minimises |X - D|^2.
//
// Target panics if the Kind is unknown; Validate reports that as an error.
func (p Parameterization) Target(sigma float64) (a, b float64) {
	switch p.Kind {
	case PredictDenoiser:
		return 1, 0
	case PredictScore:
		return 0, -1
	case PredictEpsilon:
		return 0, 1
	case PredictVEScore:
		return 0, -1 / sigma
	case PredictEDM:
		v := math.Hypot(sigma, p.DataStd)
		return sigma / (p.DataStd * v), -p.DataStd / v
	}
	panic(fmt.Sprintf("nets: unknown parameterization %q", p.Kind))
}
