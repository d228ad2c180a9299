//go:build slow

package metric

import "testing"

// The same as TestLikelihoodOfKnownPriors, with less noise. Images whose modes lie far apart need the most: for which
// mode a noisy image is taken is a matter of chance.
func TestLikelihoodToAThousandth(t *testing.T) {
	compareLikelihoods(t, []likelihoodCase{
		{"Gaussian", single, 1, 2000, 32, 1e-3},
		{"Gaussian", single, 3, 2000, 64, 1e-3},
		{"Gaussian", single, 16, 1000, 32, 1e-3},
		{"touching mixture", touching, 1, 4000, 64, 1e-3},
		{"touching mixture", touching, 3, 4000, 256, 1e-3},
		{"mixture", spread, 16, 1000, 128, 1e-3},
		{"mixture", spread, 3, 2000, 64, 2e-3},
		{"mixture", spread, 1, 4000, 64, 4e-3},
	})
}
