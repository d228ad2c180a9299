package layer

import (
	"math"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Sinusoids embeds the values c (N) as (N, size): the cosines, then the sines, of 1000 c f_i with
// f_i = 10000^(-i/(size/2)), i < size/2 (Vaswani et al. 2017). It has no gradient.
func (g *Graph) Sinusoids(c *G.Node, size int) *G.Node {
	n, half := c.Shape()[0], size/2
	return g.apply(operation{
		name: "sinusoids", shape: tensor.Shape{n, size},
		compute: func(y []float32, in [][]float32) {
			for i, v := range in[0] {
				for j := range half {
					a := 1000 * float64(v) * math.Pow(10000, -float64(j)/float64(half))
					y[i*size+j], y[i*size+half+j] = float32(math.Cos(a)), float32(math.Sin(a))
				}
			}
		},
	}, c)
}
