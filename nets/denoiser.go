package nets

// A Denoiser approximates the MMSE estimator D(x, sigma) = E[X | X + sigma n = x],
// n ~ N(0, I), of paper section 1. By Tweedie's formula it gives the score,
// (D(x, sigma) - x) / sigma^2.
type Denoiser interface {
	// Denoise writes D(x, sigma) to dst. x and dst hold whole images, NCHW,
	// in [-1, 1] units, and have equal length; they must not overlap. sigma is a
	// standard deviation in the same units. The number of images is len(x)
	// divided by the size of one; a Denoiser reports any other length as an error.
	Denoise(dst, x []float32, sigma float64) error
}

// A Network is a function F(x, c) of images and a noise conditioning value c,
// without meaning of its own: a Parameterization makes a Denoiser of it.
type Network interface {
	// Forward writes F(x, c) to dst. x and dst are len(c) images, NCHW.
	Forward(dst, x, c []float32) error
}
