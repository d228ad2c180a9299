package walk

import (
	"math"
	"testing"

	"tweedie/nets"
)

// The three identities of paper section 3, for DDPM's table: t = 1000-k, t-1 = 1000-(k+1).
func TestIdentities(t *testing.T) {
	ddpm := nets.LinearBetas(1e-4, 0.02, 1000)
	sigma := Pretrained(1000)
	tau, beta, ancestral := Difference(sigma), Beta(sigma), Ancestral(sigma)
	alphaBar := append([]float64{1}, ddpm.AlphaBar...)
	variance := func(s2, alpha float64) float64 { return s2 * alpha / (2 - 2*alpha) } // the table's T_k
	for k := range sigma {
		time := 1000 - k
		betaT, alpha := ddpm.Beta[time-1], 1-ddpm.Beta[time-1]
		betaTilde := betaT * (1 - alphaBar[time-1]) / (1 - alphaBar[time])
		for name, pair := range map[string][2]float64{
			"(1 - alpha)/alphaBar is a difference of variances": {(1 - alpha) / alphaBar[time], tau[k]},
			"T_k of betaTilde is that of VE ancestral sampling": {variance(betaTilde, alpha), ancestral[k]},
			"T_k of beta is alpha/2":                            {variance(betaT, alpha), beta[k]},
		} {
			if want, got := pair[0], pair[1]; math.Abs(got-want) > 1e-10*math.Abs(want) {
				t.Fatalf("%s: step %d: %.15g and %.15g", name, k, want, got)
			}
		}
	}
}
