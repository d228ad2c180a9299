package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/reg"
)

// The one-dimensional transforms, for interpolation at 0, +-alpha, +-beta and infinity, alpha = 1/sqrt 2 and beta =
// sqrt 2. The matrices are in package kernel. Each function loads its constants and returns a function that writes the
// arithmetic for one vector of each input.

var alpha, beta = math.Sqrt2 / 2, math.Sqrt2

type arithmetic = func(d []reg.VecVirtual) []reg.VecVirtual

func copied(v reg.VecVirtual) reg.VecVirtual {
	y := YMM()
	VMOVAPS(v, y)
	return y
}

func sum(a, b reg.VecVirtual) reg.VecVirtual {
	y := YMM()
	VADDPS(b, a, y)
	return y
}

func difference(a, b reg.VecVirtual) reg.VecVirtual {
	y := YMM()
	VSUBPS(b, a, y)
	return y
}

func product(a, b reg.VecVirtual) reg.VecVirtual {
	y := YMM()
	VMULPS(b, a, y)
	return y
}

// plus computes a + b c and minus a - b c, both in the register of a.
func plus(a, b, c reg.VecVirtual) reg.VecVirtual {
	VFMADD231PS(b, c, a)
	return a
}

func minus(a, b, c reg.VecVirtual) reg.VecVirtual {
	VFNMADD231PS(b, c, a)
	return a
}

// plusAndMinus returns s + x t and s - x t.
func plusAndMinus(s, x, t reg.VecVirtual) (reg.VecVirtual, reg.VecVirtual) {
	return plus(copied(s), x, t), minus(s, x, t)
}

func inputTransform() arithmetic {
	half, two, fiveHalves, a, b := constant(0.5), constant(2), constant(2.5), constant(alpha), constant(beta)
	return func(d []reg.VecVirtual) []reg.VecVirtual {
		y := make([]reg.VecVirtual, 6)
		y[0] = minus(sum(d[0], d[4]), fiveHalves, d[2])
		y[5] = minus(sum(d[1], d[5]), fiveHalves, d[3])
		y[1], y[2] = plusAndMinus(minus(copied(d[4]), two, d[2]), a, minus(copied(d[3]), two, d[1]))
		y[3], y[4] = plusAndMinus(minus(d[4], half, d[2]), b, minus(d[3], half, d[1]))
		return y
	}
}

func outputTransform() arithmetic {
	half, two, four, a := constant(0.5), constant(2), constant(4), constant(alpha)
	return func(m []reg.VecVirtual) []reg.VecVirtual {
		p, q, r, u := sum(m[1], m[2]), difference(m[1], m[2]), sum(m[3], m[4]), difference(m[3], m[4])
		y := make([]reg.VecVirtual, 4)
		y[0] = sum(sum(m[0], p), r)
		y[2] = plus(product(half, p), two, r)
		y[1] = product(plus(copied(q), two, u), a)
		y[3] = plus(m[5], a, plus(product(half, q), four, u))
		return y
	}
}

func gradientTransform() arithmetic {
	half, two, a, b := constant(0.5), constant(2), constant(alpha), constant(beta)
	return func(d []reg.VecVirtual) []reg.VecVirtual {
		y := make([]reg.VecVirtual, 6)
		y[1], y[2] = plusAndMinus(plus(copied(d[0]), half, d[2]), a, plus(copied(d[1]), half, d[3]))
		y[3], y[4] = plusAndMinus(plus(copied(d[0]), two, d[2]), b, plus(d[1], two, d[3]))
		y[0], y[5] = d[0], d[3]
		return y
	}
}

func weightTransform() arithmetic {
	third, twoThirds, sixth := constant(1./3), constant(2./3), constant(1./6)
	a, b := constant(math.Sqrt2/3), constant(math.Sqrt2/6)
	return func(w []reg.VecVirtual) []reg.VecVirtual {
		y := make([]reg.VecVirtual, 6)
		s := plus(product(twoThirds, w[0]), third, w[2])
		t := product(a, w[1])
		zero := YMM()
		VXORPS(zero, zero, zero)
		y[1] = difference(difference(zero, s), t)
		y[2] = difference(t, s)
		y[3], y[4] = plusAndMinus(plus(product(sixth, w[0]), third, w[2]), b, w[1])
		y[0], y[5] = w[0], w[2]
		return y
	}
}

func weightGradientTransform() arithmetic {
	third, twoThirds, sixth := constant(1./3), constant(2./3), constant(1./6)
	a, b := constant(math.Sqrt2/3), constant(math.Sqrt2/6)
	return func(u []reg.VecVirtual) []reg.VecVirtual {
		p, q, r, v := sum(u[1], u[2]), difference(u[1], u[2]), sum(u[3], u[4]), difference(u[3], u[4])
		y := make([]reg.VecVirtual, 3)
		y[0] = plus(minus(u[0], twoThirds, p), sixth, r)
		y[1] = minus(product(b, v), a, q)
		y[2] = plus(u[5], third, difference(r, p))
		return y
	}
}
