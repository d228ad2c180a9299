// Package objective is what a network is trained for: the left half of the paper's table (section 2). It has the
// distribution that sigma is drawn from, and the weight w(sigma) of the squared error in
//
//	E_{sigma, X, n}[ w(sigma) || X - D(X + sigma n, sigma) ||^2 ].
//
// Every row of the table, and any other, is one NoiseLevels with one Weight. The third column, how a network becomes
// the denoiser D, is nets.Parameterization.
//
// The package must not know networks, images, optimizers, files or flags.
package objective
