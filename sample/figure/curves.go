package figure

import (
	"errors"
	"fmt"
	"image"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"

	"tweedie/sample/figure/shade"
)

// Curves is a plot of one curve or several. Its legend is in a corner that no curve enters, or else above the plot.
type Curves struct {
	Title, XLabel, YLabel string
	LogX, LogY            bool
	Series                []Series
	Levels                []Level
	Width                 float64 // inches; 0: 3.35, the width of a column
}

// A Series is a curve through points. It is interrupted where X or Y is not finite.
type Series struct {
	Name   string // in the legend; "": no entry
	X, Y   []float64
	Marked bool // a marker at each point
}

// A Level is a dashed horizontal line, such as a noise floor.
type Level struct {
	Name string // in the legend; "": no entry
	Y    float64
}

func (c Curves) check() error {
	if len(c.Series) == 0 {
		return errors.New("a plot has no series; 1 or more is right")
	}
	if c.Width != 0 && !(c.Width >= 1 && c.Width <= 100) {
		return fmt.Errorf("a plot is %g inches wide; 1 to 100, or 0 (a column, %g), is right", c.Width, column)
	}
	for i, s := range c.Series {
		if len(s.X) != len(s.Y) {
			return fmt.Errorf("series %d, %q, has %d values of x and %d of y; as many of both is right",
				i+1, s.Name, len(s.X), len(s.Y))
		}
		points := 0
		for _, part := range s.parts() {
			points += len(part)
			for _, p := range part {
				if c.LogX && p.X <= 0 || c.LogY && p.Y <= 0 {
					return fmt.Errorf("series %d, %q, has the point (%g, %g) on a logarithmic axis; above 0 is right",
						i+1, s.Name, p.X, p.Y)
				}
			}
		}
		if points == 0 {
			return fmt.Errorf("series %d, %q, has no finite points; 1 or more is right", i+1, s.Name)
		}
	}
	for _, l := range c.Levels {
		if !shade.Finite(l.Y) || c.LogY && l.Y <= 0 {
			return fmt.Errorf("level %q is at %g; a finite number, above 0 on a logarithmic axis, is right",
				l.Name, l.Y)
		}
	}
	return nil
}

// parts returns the pieces of the curve between points that are not finite.
func (s Series) parts() (parts []plotter.XYs) {
	begun := false
	for i, x := range s.X {
		if !shade.Finite(x) || !shade.Finite(s.Y[i]) {
			begun = false
			continue
		}
		if !begun {
			parts, begun = append(parts, nil), true
		}
		last := &parts[len(parts)-1]
		*last = append(*last, plotter.XY{X: x, Y: s.Y[i]})
	}
	return parts
}

// plot returns the plot without legend and titles, for data of the given height in dots.
func (c Curves) plot(height int) *plot.Plot {
	p := plot.New()
	p.BackgroundColor = nil
	p.TextHandler = inRuns
	for i, s := range c.Series {
		for _, part := range s.parts() {
			p.Add(&plotter.Line{XYs: part, LineStyle: lineStyle(i, s.Marked)})
			if s.Marked || len(part) == 1 {
				p.Add(&plotter.Scatter{XYs: part, GlyphStyle: markerStyle(i)})
			}
		}
	}
	for _, l := range c.Levels {
		p.Y.Min, p.Y.Max = min(p.Y.Min, l.Y), max(p.Y.Max, l.Y)
	}
	for i, l := range c.Levels {
		ends := plotter.XYs{{X: p.X.Min, Y: l.Y}, {X: p.X.Max, Y: l.Y}}
		p.Add(&plotter.Line{XYs: ends, LineStyle: levelStyle(i)})
	}
	const apartX, apartY = 4 * em, 2 * em // least distances of the numbers at an axis
	axis(&p.X, c.LogX, 0.02, min(7, max(2, c.width()/apartX)))
	axis(&p.Y, c.LogY, 0.05, min(6, max(2, height/apartY)))
	return p
}

func (c Curves) width() int {
	if c.Width == 0 {
		return int(column * dpi)
	}
	return int(c.Width * dpi)
}

// axis sets up an axis with at most the given number of numbers, and leaves a share of its length free at both ends.
func axis(a *plot.Axis, log bool, free float64, most int) {
	a.Padding, a.LineStyle = 0, thin
	a.Tick.LineStyle, a.Tick.Length = thin, 3*point
	a.Tick.Label.Font, a.Tick.Label.Handler = font.From(typeface, textSize), inRuns
	a.Label.TextStyle = a.Tick.Label // gonum measures a space in this font even without a text
	if log {
		a.Scale, a.Tick.Marker = plot.LogScale{}, logTicks{most}
		factor := math.Exp((math.Log(a.Max) - math.Log(a.Min)) * free)
		if factor < 1+1e-12 {
			factor = 2
		}
		a.Min, a.Max = max(a.Min/factor, 1e-307), min(a.Max*factor, math.MaxFloat64)
		return
	}
	a.Tick.Marker = linearTicks{most}
	span := (a.Max - a.Min) * free
	if span <= 1e-12*max(math.Abs(a.Min), math.Abs(a.Max)) { // a single value, up to rounding
		span = max(1, math.Abs(a.Max)) / 2
	}
	a.Min, a.Max = a.Min-span, a.Max+span
}

func (c Curves) layout(body int) (drawing, error) {
	if err := c.check(); err != nil {
		return drawing{}, err
	}
	d := drawing{width: c.width(), elastic: true}
	if body == 0 {
		body = d.width * 6 / 10
	}
	upwards := label
	upwards.rotated = true
	body = max(body, 4*em, upwards.extent(c.YLabel).X)
	p := c.plot(body)
	left, bottom, top := label.extent(c.YLabel).Y, label.extent(c.XLabel).Y, heading.extent(c.Title).Y

	// Find the rectangles of the axes and the data. The size that the axes need depends a little on the height, so
	// iterate.
	axes := image.Rect(left, 0, d.width, body+6*em)
	data := dataArea(p, axes)
	for range 3 {
		axes.Max.Y += body - data.Dy()
		data = dataArea(p, axes)
	}
	l := c.legend()
	corner, free := l.corner(c.traces(p, data), data)
	var rows [][]entry
	if !free {
		rows = l.flow(data.Dx())
		top += len(rows)*name.line() + em/4
	}
	axes, data = axes.Add(image.Pt(0, top)), data.Add(image.Pt(0, top))
	d.above, d.body, d.below = data.Min.Y, data.Dy(), axes.Max.Y-data.Max.Y+bottom
	d.draw = func(on canvas, at image.Point) {
		axes, data := axes.Add(at), data.Add(at)
		on.text(heading, image.Pt(center(data).X, at.Y+heading.extent(c.Title).Y/2), c.Title)
		on.grid(p, data)
		p.Draw(on.area(axes))
		on.line(thin, data.Min, image.Pt(data.Max.X, data.Min.Y), data.Max)
		on.text(label, image.Pt(center(data).X, axes.Max.Y+bottom/2), c.XLabel)
		on.text(upwards, image.Pt(at.X+left/2, center(data).Y), c.YLabel)
		if free {
			l.column(on, corner.Add(data.Min))
			return
		}
		for i, row := range rows {
			l.row(on, row, image.Pt(data.Min.X, at.Y+top-em/4-(len(rows)-i)*name.line()))
		}
	}
	return d, nil
}

// dataArea returns the rectangle, in dots, of the data of a plot that is drawn within axes.
func dataArea(p *plot.Plot, axes image.Rectangle) image.Rectangle {
	on := canvas{height: axes.Max.Y}
	area := p.DataCanvas(on.area(axes))
	dots := func(v vg.Length) int { return int(math.Round(v.Points())) }
	return image.Rect(dots(area.Min.X), on.height-dots(area.Max.Y), dots(area.Max.X), on.height-dots(area.Min.Y))
}

// grid draws faint lines at the ticks that have a number.
func (c canvas) grid(p *plot.Plot, inside image.Rectangle) {
	area := c.area(inside)
	for _, t := range p.X.Tick.Marker.Ticks(p.X.Min, p.X.Max) {
		if x := area.X(p.X.Norm(t.Value)); !t.IsMinor() && area.ContainsX(x) {
			area.StrokeLine2(faint, x, area.Min.Y, x, area.Max.Y)
		}
	}
	for _, t := range p.Y.Tick.Marker.Ticks(p.Y.Min, p.Y.Max) {
		if y := area.Y(p.Y.Norm(t.Value)); !t.IsMinor() && area.ContainsY(y) {
			area.StrokeLine2(faint, area.Min.X, y, area.Max.X, y)
		}
	}
}

// traces returns the lines of a plot, in dots from the upper left corner of its data.
func (c Curves) traces(p *plot.Plot, data image.Rectangle) (lines [][]image.Point) {
	place := func(x, y float64) image.Point {
		return image.Pt(int(p.X.Norm(x)*float64(data.Dx())), int((1-p.Y.Norm(y))*float64(data.Dy())))
	}
	for _, s := range c.Series {
		for _, part := range s.parts() {
			line := make([]image.Point, len(part))
			for i, at := range part {
				line[i] = place(at.X, at.Y)
			}
			lines = append(lines, line)
		}
	}
	for _, l := range c.Levels {
		lines = append(lines, []image.Point{place(p.X.Min, l.Y), place(p.X.Max, l.Y)})
	}
	return lines
}
