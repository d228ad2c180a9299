package figure

import (
	"errors"
	"fmt"
	"image"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
)

// Curves is a plot. Its legend stands in a corner that no curve enters, or else above.
type Curves struct {
	Title, XLabel, YLabel string
	LogX, LogY            bool
	Series                []Series
	Levels                []Level
	Width                 float64 // inches; 0: 3.35, a column
}

// A Series is a curve through points. One where X or Y is not finite interrupts it.
type Series struct {
	Name   string // in the legend; "" is not there
	X, Y   []float64
	Marked bool // a marker at each point
}

// A Level is a dashed horizontal line, such as a noise floor.
type Level struct {
	Name string // in the legend; "" is not there
	Y    float64
}

func (c Curves) check() error {
	if len(c.Series) == 0 {
		return errors.New("a plot has no series; 1 or more is right")
	}
	if c.Width < 0 || c.Width > 100 {
		return fmt.Errorf("a plot is %g inches wide; up to 100, or 0 (a column, %g), is right", c.Width, column)
	}
	for i, s := range c.Series {
		if len(s.X) != len(s.Y) {
			return fmt.Errorf("series %d, %q, has %d values of x and %d of y; as many of both is right", i+1, s.Name, len(s.X), len(s.Y))
		}
		points := 0
		for _, part := range s.parts() {
			points += len(part)
			for _, p := range part {
				if c.LogX && p.X <= 0 || c.LogY && p.Y <= 0 {
					return fmt.Errorf("series %d, %q, has the point (%g, %g) on a logarithmic axis; above 0 is right", i+1, s.Name, p.X, p.Y)
				}
			}
		}
		if points == 0 {
			return fmt.Errorf("series %d, %q, has no finite points; 1 or more is right", i+1, s.Name)
		}
	}
	for _, l := range c.Levels {
		if !finite(l.Y) || c.LogY && l.Y <= 0 {
			return fmt.Errorf("level %q is at %g; a finite number, above 0 on a logarithmic axis, is right", l.Name, l.Y)
		}
	}
	return nil
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// parts are what the points that are not finite leave of a curve.
func (s Series) parts() (parts []plotter.XYs) {
	begun := false
	for i, x := range s.X {
		if !finite(x) || !finite(s.Y[i]) {
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

// plot is the plot without its title and legend.
func (c Curves) plot() *plot.Plot {
	p := plot.New()
	p.BackgroundColor = nil
	p.TextHandler = handler{text.Plain{Fonts: fonts}}
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
	c.axis(&p.X, c.XLabel, c.LogX, 0.02)
	c.axis(&p.Y, c.YLabel, c.LogY, 0.05)
	return p
}

// axis sets an axis, and leaves a share of its length free at both ends.
func (c Curves) axis(a *plot.Axis, title string, log bool, free float64) {
	a.Padding, a.LineStyle = 0, thin
	a.Tick.LineStyle, a.Tick.Length = thin, 3*point
	a.Tick.Marker = linearTicks{}
	a.Label.Text, a.Label.Padding = title, 2*point
	for _, style := range []*text.Style{&a.Label.TextStyle, &a.Tick.Label} {
		style.Font, style.Handler = font.From(typeface, textSize), handler{text.Plain{Fonts: fonts}}
	}
	if !log {
		span := (a.Max - a.Min) * free
		if span == 0 {
			span = max(1, math.Abs(a.Max)) / 2
		}
		a.Min, a.Max = a.Min-span, a.Max+span
		return
	}
	a.Scale, a.Tick.Marker = plot.LogScale{}, logTicks{}
	factor := math.Pow(a.Max/a.Min, free)
	if factor == 1 {
		factor = 2
	}
	a.Min, a.Max = a.Min/factor, a.Max*factor
}

func (c Curves) layout(body int) (drawing, error) {
	if err := c.check(); err != nil {
		return drawing{}, err
	}
	p := c.plot()
	d := drawing{width: int(c.Width * dpi), elastic: true}
	if d.width == 0 {
		d.width = int(column * dpi)
	}
	if body == 0 {
		body = d.width * 6 / 10
	}
	// The room for axes depends, a little, on the height of the plot.
	bounds := image.Rect(0, 0, d.width, body)
	var data image.Rectangle
	for range 3 {
		data = dataArea(p, bounds)
		bounds.Max.Y += body - data.Dy()
	}
	above, below := data.Min.Y, bounds.Max.Y-data.Max.Y
	d.body = bounds.Max.Y - above - below

	l := c.legend()
	corner, free := l.corner(c.traces(p, data), data)
	top := 0
	if c.Title != "" {
		top += heading.line()
	}
	var rows [][]entry
	if !free {
		rows = l.flow(data.Dx())
		top += len(rows)*label.line() + label.line()/3
	}
	d.above, d.below = top+above, below
	d.draw = func(on canvas, at image.Point) {
		if c.Title != "" {
			on.text(heading, image.Pt(at.X+(data.Min.X+data.Max.X)/2, at.Y+heading.line()/2), c.Title)
		}
		inside := data.Add(at).Add(image.Pt(0, top))
		on.grid(p, inside)
		p.Draw(on.area(bounds.Add(at).Add(image.Pt(0, top))))
		on.line(thin, image.Pt(inside.Min.X, inside.Min.Y), image.Pt(inside.Max.X, inside.Min.Y), image.Pt(inside.Max.X, inside.Max.Y))
		if free {
			l.column(on, corner.Add(inside.Min))
			return
		}
		for i, row := range rows {
			l.row(on, row, image.Pt(inside.Min.X, inside.Min.Y-above-label.line()/3-(len(rows)-i)*label.line()))
		}
	}
	return d, nil
}

// dataArea is where a plot within bounds, at the origin, puts its data.
func dataArea(p *plot.Plot, bounds image.Rectangle) image.Rectangle {
	area := p.DataCanvas(canvas{height: bounds.Max.Y}.area(bounds))
	round := func(v vg.Length) int { return int(math.Round(v.Points())) }
	return image.Rect(round(area.Min.X), bounds.Max.Y-round(area.Max.Y), round(area.Max.X), bounds.Max.Y-round(area.Min.Y))
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

// traces are the lines of a plot in dots within its data area.
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
