package data

import (
	"image"
	"math"
	"math/rand/v2"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// Size and position of a glyph, as fractions of the frame's side.
const (
	glyphCapital = 0.75 // height of a capital
	glyphExtent  = 0.84 // maximum of width and height
	glyphShift   = 0.02 // maximum displacement from the centre
)

// An outline consists of a glyph's closed curves. The y axis points down.
type outline []curve

// A curve is a piece of an outline: a move, a line, a quadratic or a cubic.
type curve struct {
	op     sfnt.SegmentOp
	points [3]point
}

type point struct{ x, y float64 }

// ends is the number of points of each kind of curve.
var ends = map[sfnt.SegmentOp]int{
	sfnt.SegmentOpMoveTo: 1,
	sfnt.SegmentOpLineTo: 1,
	sfnt.SegmentOpQuadTo: 2,
	sfnt.SegmentOpCubeTo: 3,
}

// newOutline copies segments, divided by the length unit.
func newOutline(segments sfnt.Segments, unit float64) outline {
	scale := func(p fixed.Point26_6) point { return point{float64(p.X) / unit, float64(p.Y) / unit} }
	o := make(outline, len(segments))
	for i, s := range segments {
		o[i] = curve{s.Op, [3]point{scale(s.Args[0]), scale(s.Args[1]), scale(s.Args[2])}}
	}
	return o
}

// transform returns the outline with every point mapped by f.
func (o outline) transform(f func(point) point) outline {
	mapped := make(outline, len(o))
	for i, c := range o {
		mapped[i] = curve{c.op, [3]point{f(c.points[0]), f(c.points[1]), f(c.points[2])}}
	}
	return mapped
}

// bounds returns opposite corners of the box around all points.
func (o outline) bounds() (low, high point) {
	low, high = point{math.Inf(1), math.Inf(1)}, point{math.Inf(-1), math.Inf(-1)}
	for _, c := range o {
		for _, p := range c.points[:ends[c.op]] {
			low = point{min(low.x, p.x), min(low.y, p.y)}
			high = point{max(high.x, p.x), max(high.y, p.y)}
		}
	}
	return low, high
}

// jitter rotates, shears, scales and shifts a glyph a little, by random amounts, and places it in the unit frame.
func (o outline) jitter(rng *rand.Rand) outline {
	uniform := func(low, high float64) float64 { return low + (high-low)*rng.Float64() }
	angle := uniform(-6, 6) * math.Pi / 180
	shear := uniform(-0.08, 0.08)
	scale := glyphCapital * uniform(0.94, 1.06)
	stretch := uniform(0.94, 1.06) // of the width alone
	shift := point{uniform(-glyphShift, glyphShift), uniform(-glyphShift, glyphShift)}

	sin, cos := math.Sincos(angle)
	turned := o.transform(func(p point) point {
		x, y := stretch*p.x+shear*p.y, p.y
		return point{scale * (cos*x - sin*y), scale * (sin*x + cos*y)}
	})
	low, high := turned.bounds()
	shrink := min(1, glyphExtent/(high.x-low.x), glyphExtent/(high.y-low.y))
	return turned.transform(func(p point) point {
		return point{
			0.5 + shift.x + shrink*(p.x-(low.x+high.x)/2),
			0.5 + shift.y + shrink*(p.y-(low.y+high.y)/2),
		}
	})
}

// draw fills an outline in the unit frame, white (255) on black, antialiased, on size x size pixels.
func (o outline) draw(size int) *raster {
	z := vector.NewRasterizer(size, size)
	for _, c := range o {
		var v [6]float32
		for k, p := range c.points {
			v[2*k], v[2*k+1] = float32(p.x*float64(size)), float32(p.y*float64(size))
		}
		switch c.op {
		case sfnt.SegmentOpMoveTo:
			z.ClosePath()
			z.MoveTo(v[0], v[1])
		case sfnt.SegmentOpLineTo:
			z.LineTo(v[0], v[1])
		case sfnt.SegmentOpQuadTo:
			z.QuadTo(v[0], v[1], v[2], v[3])
		case sfnt.SegmentOpCubeTo:
			z.CubeTo(v[0], v[1], v[2], v[3], v[4], v[5])
		}
	}
	z.ClosePath()
	r := newRaster(1, size, size, 1)
	coverage := &image.Alpha{Pix: r.pix, Stride: size, Rect: image.Rect(0, 0, size, size)}
	z.Draw(coverage, coverage.Rect, image.Opaque, image.Point{})
	return r
}
