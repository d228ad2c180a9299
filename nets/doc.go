// Package nets joins networks to random walks: the Denoiser that a walk needs,
// the Network that training fits, the parameterizations of paper section 2 that
// make one of the other, and the variance-preserving noise table of DDPM.
//
// It knows images as []float32 and networks as functions. It must not know how a
// network is built, trained or stored, nor who samples from a denoiser.
package nets
