package layer

import "math"

// Sinusoids embeds the values c (N) as (N, size): the cosines of 1000 c f_i, then the sines, or the sines first, with
// the frequencies f_i = 10000^(-i/(size/2 - shift)), 0 <= i < size/2. Vaswani et al. 2017 have shift 0. size is even.
// c gets no gradient.
func (g *Graph) Sinusoids(c *Node, size int, shift float64, sinesFirst bool) *Node {
	if !g.usable("sinusoids", c) {
		return g.invalid
	}
	if len(c.shape) != 1 || size < 2 || size%2 != 0 || !(shift >= 0 && shift < float64(size/2)) {
		return g.reject("sinusoids", []*Node{c},
			"want a value for each image, an even size and a shift below half of it, not %d and shift %v", size, shift)
	}
	n, half := c.shape[0], size/2
	cosines, sines := 0, half
	if sinesFirst {
		cosines, sines = half, 0
	}
	return g.apply("sinusoids", Shape{n, size}, operation{
		forward: func(y []float32, in [][]float32) {
			for i, v := range in[0] {
				for j := range half {
					a := 1000 * float64(v) * math.Pow(10000, -float64(j)/(float64(half)-shift))
					y[i*size+cosines+j], y[i*size+sines+j] = float32(math.Cos(a)), float32(math.Sin(a))
				}
			}
		},
	}, c)
}

// Fourier embeds the values c (N) > 0 as (N, 2 F): the sines, then the cosines, of 2 pi ln(c) w, with frequencies w (F)
// (Tancik et al. 2020). The frequencies are not trained: their gradient is zero. c gets no gradient.
func (g *Graph) Fourier(c, w *Node) *Node {
	if !g.usable("fourier", c, w) {
		return g.invalid
	}
	if len(c.shape) != 1 || len(w.shape) != 1 {
		return g.reject("fourier", []*Node{c, w}, "want a value for each image, and a list of frequencies")
	}
	n, size := c.shape[0], w.shape[0]
	return g.apply("fourier", Shape{n, 2 * size}, operation{
		forward: func(y []float32, in [][]float32) {
			for i, v := range in[0] {
				for j, f := range in[1] {
					// Rounded like PyTorch's: the phase is hundreds of turns, so rounding shows.
					phase := float32(float32(float32(math.Log(float64(v)))*f)*2) * math.Pi
					sin, cos := math.Sincos(float64(phase))
					y[i*2*size+j], y[i*2*size+size+j] = float32(sin), float32(cos)
				}
			}
		},
		backward: func(_, dy, _ *Node) []*Node {
			return []*Node{nil, g.apply("fourier frequencies", Shape{size}, operation{
				unread:  1,
				forward: func(dw []float32, _ [][]float32) { clear(dw) },
			}, dy)}
		},
	}, c, w)
}
