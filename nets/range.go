package nets

import "fmt"

// InRange makes a denoiser of images in [-1, 1] of one of images whose black is low and white is high, such as [0, 1] (paper section 4):
// with u = low + (x+1) h, h = (high-low)/2, sigma_u = h sigma and
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
	return &inRange{of: d, low: low, half: (high - low) / 2}
}

type inRange struct {
	of        Denoiser
	low, half float64
	u         []float32
}

func (r *inRange) Denoise(dst, x []float32, sigma float64) error {
	r.u = r.u[:0]
	half, middle := float32(r.half), float32(r.low+r.half)
	for _, v := range x {
		r.u = append(r.u, middle+half*v)
	}
	if err := r.of.Denoise(dst, r.u, r.half*sigma); err != nil {
		return err
	}
	for i, v := range dst {
		dst[i] = (v - middle) / half
	}
	return nil
}
