//go:build slow

package metric

import "testing"

// The same as TestLikelihoodOfKnownPriors, with noise enough for 1e-3 bits per value. Images whose modes lie far apart
// need the most: which mode an image is taken for changes with the noise.
func TestLikelihoodToAThousandth(t *testing.T) {
	compareLikelihoods(t, []likelihoodCase{
		{"Gaussian", single, 1, 2000, 64, 1e-3},
		{"Gaussian", single, 3, 2000, 128, 1e-3},
		{"Gaussian", single, 16, 1000, 64, 1e-3},
		{"mixture", spread, 1, 4000, 128, 2e-3},
		{"mixture", spread, 3, 3000, 128, 1e-3},
		{"mixture", spread, 16, 2000, 32, 1e-3},
	})
}
