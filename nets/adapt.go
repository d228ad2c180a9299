package nets

import "fmt"

// NewDenoiser turns a network into a denoiser, D(x, sigma) = Skip x + Out F(In x, Noise) with the coefficients of
// [Parameterization.At]. Images have the given number of pixels, channels times height times width. The denoiser owns
// the network's inputs, so it is not safe for concurrent use.
//
// Denoise reports a sigma that is not positive and finite, images of another size, and the network's own errors.
// NewDenoiser panics if pixels is not positive or p is not valid.
func NewDenoiser(net Network, p Parameterization, pixels int) Denoiser {
	if err := p.Validate(); err != nil {
		panic(err)
	}
	if pixels < 1 {
		panic(fmt.Sprintf("nets: images of %d pixels", pixels))
	}
	return &parameterized{net: net, p: p, pixels: pixels}
}

type parameterized struct {
	net    Network
	p      Parameterization
	pixels int
	in, c  []float32 // the network's inputs, kept for the next call
}

func (d *parameterized) Denoise(dst, x []float32, sigma float64) error {
	if err := CheckDenoise(dst, x, sigma, d.pixels); err != nil {
		return err
	}
	k := d.p.At(sigma)
	d.setInputs(x, k)
	if err := d.net.Forward(dst, d.in, d.c); err != nil {
		return fmt.Errorf("nets: network at sigma %g: %w", sigma, err)
	}
	for i, f := range dst {
		dst[i] = float32(k.Skip)*x[i] + float32(k.Out)*f
	}
	return nil
}

// Pullback implements Differentiable: with J_F of the network, J^T v = Skip v + Out In J_F^T v.
func (d *parameterized) Pullback(dst, x, v []float32, sigma float64) error {
	if err := CheckPullback(dst, x, v, sigma, d.pixels); err != nil {
		return err
	}
	net, ok := d.net.(DifferentiableNetwork)
	if !ok {
		return fmt.Errorf("nets: a network of type %T has no derivative: it must have the method Pullback", d.net)
	}
	k := d.p.At(sigma)
	d.setInputs(x, k)
	if err := net.Pullback(dst, d.in, d.c, v); err != nil {
		return fmt.Errorf("nets: derivative of the network at sigma %g: %w", sigma, err)
	}
	for i, g := range dst {
		dst[i] = float32(k.Skip)*v[i] + float32(k.Out*k.In)*g
	}
	return nil
}

// setInputs sets the network's inputs for images x.
func (d *parameterized) setInputs(x []float32, k Coefficients) {
	d.in, d.c = d.in[:0], d.c[:0]
	for _, v := range x {
		d.in = append(d.in, float32(k.In)*v)
	}
	for range len(x) / d.pixels {
		d.c = append(d.c, float32(k.Noise))
	}
}

// InRange turns a denoiser d of images in [low, high], such as [0, 1], into one of images in [-1, 1] (paper section 4).
// With u = low + (x+1) h, h = (high-low)/2 and sigma_u = h sigma, it is
//
//	D(x, sigma) = (D_u(u, h sigma) - low)/h - 1.
//
// It panics unless low < high.
func InRange(d Denoiser, low, high float64) Denoiser {
	if !(low < high) {
		panic(fmt.Sprintf("nets: images in [%g, %g]", low, high))
	}
	if low == -1 && high == 1 {
		return d
	}
	return &inRange{denoiser: d, low: low, half: (high - low) / 2}
}

type inRange struct {
	denoiser  Denoiser
	low, half float64
	u         []float32 // the denoiser's input, kept for the next call
}

func (r *inRange) Denoise(dst, x []float32, sigma float64) error {
	half, middle := float32(r.half), float32(r.low+r.half)
	r.setInput(x)
	if err := r.denoiser.Denoise(dst, r.u, r.half*sigma); err != nil {
		return err
	}
	for i, v := range dst {
		dst[i] = (v - middle) / half
	}
	return nil
}

// Pullback implements Differentiable. The factors h and 1/h of the two changes of units cancel.
func (r *inRange) Pullback(dst, x, v []float32, sigma float64) error {
	r.setInput(x)
	return Pullback(r.denoiser, dst, r.u, v, r.half*sigma)
}

// setInput sets u = low + (x+1) h.
func (r *inRange) setInput(x []float32) {
	r.u = r.u[:0]
	half, middle := float32(r.half), float32(r.low+r.half)
	for _, v := range x {
		r.u = append(r.u, middle+half*v)
	}
}
