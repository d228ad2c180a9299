package golden

import (
	"math"

	"gonum.org/v1/gonum/mathext/prng"
)

// A generator draws the normal numbers of torch.randn on a CPU, in float32, to the bit: those of
// torch.Generator().manual_seed(seed) in PyTorch 1.13 to 2.x with AVX2.
type generator struct {
	bits   *prng.MT19937
	second *float64 // of the last pair drawn in float64, if it has not been used
}

func newGenerator(seed uint64) *generator {
	g := &generator{bits: prng.NewMT19937()}
	g.bits.Seed(seed)
	return g
}

// normal draws a tensor of n numbers. From 16 numbers on, PyTorch draws in blocks of 16 in float32, the last block
// anew if it is not whole; below, one by one in float64.
func (g *generator) normal(n int) []float32 {
	values := make([]float32, n)
	if n < 16 {
		for i := range values {
			values[i] = float32(g.single())
		}
		return values
	}
	g.uniform(values)
	for i := 0; i+16 <= n; i += 16 {
		boxMuller((*[16]float32)(values[i:]))
	}
	if n%16 != 0 {
		last := values[n-16:]
		g.uniform(last)
		boxMuller((*[16]float32)(last))
	}
	return values
}

// uniform fills dst with numbers in [0, 1).
func (g *generator) uniform(dst []float32) {
	for i := range dst {
		dst[i] = float32(g.bits.Uint32()&(1<<24-1)) / (1 << 24)
	}
}

// single draws one number in float64. Box and Muller's transform makes two normal numbers of two uniform ones; the
// second is kept for the next call.
func (g *generator) single() float64 {
	if g.second != nil {
		v := *g.second
		g.second = nil
		return v
	}
	uniform := func() float64 {
		high := uint64(g.bits.Uint32())
		return float64((high<<32|uint64(g.bits.Uint32()))&(1<<53-1)) / (1 << 53)
	}
	angle := 2 * math.Pi * uniform()
	radius := math.Sqrt(-2 * math.Log1p(-uniform()))
	second := radius * math.Sin(angle)
	g.second = &second
	return radius * math.Cos(angle)
}

// boxMuller makes normal numbers of uniform ones: pairs eight apart give a radius and an angle.
func boxMuller(v *[16]float32) {
	for i := range 8 {
		radius := float32(math.Sqrt(float64(-2 * logarithm(1-v[i]))))
		sin, cos := sinCos(float32(2*math.Pi) * v[i+8])
		v[i], v[i+8] = radius*cos+0, radius*sin+0 // the mean: it makes 0 of -0
	}
}

// fma returns a*b + c, rounded once, as the processor's instruction does. (The product is exact in float64. The sum is
// rounded there before it is in float32, which makes a difference in fewer than one of 10^8 sums.)
func fma(a, b, c float32) float32 { return float32(float64(a)*float64(b) + float64(c)) }

// logarithm is the natural logarithm of x > 0 in the arithmetic of PyTorch's avx_mathfun.h, after Cephes' logf:
// with x = 2^e m, 1/sqrt(2) <= m < sqrt(2), a polynomial in m - 1.
func logarithm(x float32) float32 {
	bits := math.Float32bits(x)
	e := float32(int32(bits>>23)-127) + 1
	m := math.Float32frombits(bits&0x807fffff | 0x3f000000) // in [1/2, 1)
	if m < float32(math.Sqrt2/2) {
		e--
		m += m - 1
	} else {
		m--
	}
	square := m * m
	p := float32(7.0376836292e-2)
	for _, c := range [...]float32{-1.1514610310e-1, 1.1676998740e-1, -1.2420140846e-1, 1.4249322787e-1,
		-1.6668057665e-1, 2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1} {
		p = fma(p, m, c)
	}
	p *= m
	p = fma(p, square, e*-2.12194440e-4)
	p = fma(-square, 0.5, p)
	return fma(e, 0.693359375, m+p)
}

// sinCos returns sin x and cos x in the arithmetic of PyTorch's avx_mathfun.h, after Cephes' sinf: polynomials in the
// distance of x >= 0 from the nearest even multiple of pi/4.
func sinCos(x float32) (sin, cos float32) {
	octant := (int32(x*float32(4/math.Pi)) + 1) &^ 1
	y := float32(octant)
	x = fma(y, -0.78515625, x)
	x = fma(y, -2.4187564849853515625e-4, x)
	x = fma(y, -3.77489497744594108e-8, x)
	square := x * x
	cos = fma(fma(2.443315711809948e-5, square, -1.388731625493765e-3), square, 4.166664568298827e-2)
	cos = fma(cos*square, square, -(square*0.5)) + 1
	sin = fma(fma(-1.9515295891e-4, square, 8.3321608736e-3), square, -1.6666654611e-1)
	sin = fma(sin*square, x, x)
	if octant&2 != 0 {
		sin, cos = cos, sin
	}
	if octant&4 != 0 {
		sin = -sin
	}
	if (octant-2)&4 == 0 {
		cos = -cos
	}
	return sin, cos
}
