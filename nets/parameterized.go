package nets

import (
	"fmt"
	"math"
)

// NewDenoiser makes a denoiser of a network of images with the given number of
// pixels (channels times height times width): D(x, sigma) = Skip x + Out F(In x, Noise).
// It is not safe for concurrent use: it owns the network's inputs.
//
// Denoise reports a sigma that is not positive and finite, images of another size,
// and the network's own errors. NewDenoiser panics if pixels is not positive or p
// is not valid.
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
	in, c  []float32 // the network's inputs, one call's
}

func (d *parameterized) Denoise(dst, x []float32, sigma float64) error {
	if err := CheckDenoise(dst, x, sigma, d.pixels); err != nil {
		return err
	}
	k := d.p.At(sigma)
	d.in, d.c = d.in[:0], d.c[:0]
	for _, v := range x {
		d.in = append(d.in, float32(k.In)*v)
	}
	for range len(x) / d.pixels {
		d.c = append(d.c, float32(k.Noise))
	}
	if err := d.net.Forward(dst, d.in, d.c); err != nil {
		return fmt.Errorf("nets: network at sigma %g: %w", sigma, err)
	}
	for i, f := range dst {
		dst[i] = float32(k.Skip)*x[i] + float32(k.Out)*f
	}
	return nil
}

// CheckDenoise reports arguments that no Denoiser of images with the given number of
// pixels accepts: slices of different lengths or of no whole number of images, and a
// sigma that is not positive and finite. Implementations of Denoiser call it first.
func CheckDenoise(dst, x []float32, sigma float64, pixels int) error {
	switch {
	case len(dst) != len(x):
		return fmt.Errorf("nets: denoise %d values into %d: lengths must be equal", len(x), len(dst))
	case len(x)%pixels != 0:
		return fmt.Errorf("nets: denoise %d values: not a whole number of images of %d", len(x), pixels)
	case !(sigma > 0) || math.IsInf(sigma, 1):
		return fmt.Errorf("nets: denoise at sigma %g: it must be positive and finite", sigma)
	}
	return nil
}
