// Package exact holds denoisers known in closed form: the MMSE estimator E[X | X + sigma n]
// of priors for which it can be written down (paper section 7). They check walks and
// trained networks, and need no training.
//
// It knows images as []float32. It must not know a network, a walk or a file.
package exact
