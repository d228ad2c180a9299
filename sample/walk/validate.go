package walk

import (
	"errors"
	"fmt"
	"math"
)

// Validate reports a walk without steps, lists of different length, a sigma that is not positive, a tau or a
// temperature that is negative, values that are not finite, an unknown Start or Space, a likelihood whose eta is not
// positive, and a Guidance whose weight is negative or not finite.
func (w Walk) Validate() error {
	K := len(w.Sigma)
	switch {
	case K == 0:
		return errors.New("walk: no noise levels: a walk needs at least one step")
	case len(w.Tau) != K || len(w.Temperature) != K:
		return fmt.Errorf("walk: %d sigma, %d tau and %d temperatures: the lists must have equal length",
			K, len(w.Tau), len(w.Temperature))
	case w.Start != Unit && w.Start != SigmaMax:
		return fmt.Errorf("walk: unknown start %d", w.Start)
	case w.Space != VE && w.Space != VP:
		return fmt.Errorf("walk: unknown space %d", w.Space)
	}
	if w.Likelihood != nil {
		if eta := w.Likelihood.Eta(); !(eta > 0) || math.IsInf(eta, 1) {
			return fmt.Errorf("walk: the likelihood's eta %g must be positive and finite", eta)
		}
	}
	for k := range K {
		switch sigma, tau, temperature := w.Sigma[k], w.Tau[k], w.Temperature[k]; {
		case !(sigma > 0) || math.IsInf(sigma, 1):
			return fmt.Errorf("walk: step %d: sigma %g must be positive and finite", k, sigma)
		case !(tau >= 0) || math.IsInf(tau, 1):
			return fmt.Errorf("walk: step %d: tau %g must not be negative and must be finite", k, tau)
		case !(temperature >= 0) || math.IsInf(temperature, 1):
			return fmt.Errorf("walk: step %d: temperature %g must not be negative and must be finite", k, temperature)
		}
		if data := w.At(k).Data; !(data >= 0) || math.IsInf(data, 1) {
			return fmt.Errorf("walk: step %d: %v weighs the likelihood by %g: must not be negative and must be finite",
				k, w.guidance(), data)
		}
	}
	return nil
}

// check validates the walk and the arguments of Run.
func (w Walk) check(pixels, first, n int) error {
	if pixels < 1 || first < 0 || n < 1 {
		return fmt.Errorf("walk: %d samples of %d pixels from number %d: there must be at least one of each, from 0 on",
			n, pixels, first)
	}
	return w.Validate()
}
