package kind

import (
	"fmt"

	"tweedie/experiments/strict"
	"tweedie/sample/figure"
)

// curves plots each score against an axis with numbers or against the number of network calls, with one curve for each
// value of another axis.
type curves struct {
	X      string // key of the axis, or byCalls
	Series string // key of the other axis; "": a single curve
	tableName
	metrics
	LogX, LogY bool
}

// byCalls is the x of curves over the number of network calls.
const byCalls = "calls"

func (c *curves) Fields() []strict.Field {
	return []strict.Field{
		strict.Required("x", &c.X).
			Doc("axis to the right: a key of [sweep] with numbers, or `\"calls\"`, of the network"),
		strict.Optional("series", &c.Series, "").OmitEmpty().
			Doc("axis with a curve for each value: a key of [sweep], or `\"walk\"`"),
		c.tableName.field(),
		c.metrics.field(),
		strict.Optional("log_x", &c.LogX, false).Doc("whether the axis is logarithmic"),
		strict.Optional("log_y", &c.LogY, false).Doc("whether the axis is logarithmic"),
	}
}

// Check complains unless each point of a curve has exactly one walk.
func (c *curves) Check(o *Outline, complain func(key, message string)) {
	c.checkAxes(o, complain)
	c.metrics.check(o, c.walks(o), complain)
}

func (c *curves) checkAxes(o *Outline, complain func(key, message string)) {
	if c.Series != "" && !o.checkAxis("series", c.Series, complain) {
		return
	}
	free := 1 // over calls, one axis varies along the curve
	if c.X != byCalls {
		free = 0
		valid := []string{byCalls}
		for _, a := range o.Axes {
			if a.Key == c.X && a.Numbers == nil {
				complain("x", fmt.Sprintf("%q has values that are not numbers; %s", c.X,
					`"curves" takes such an axis as series`))
				return
			}
			if a.Numbers != nil {
				valid = append(valid, a.Key)
			}
		}
		if wrong := strict.OneOf(valid...).Wrong(c.X); wrong != "" {
			complain("x", fmt.Sprintf("%q %s", c.X, wrong))
			return
		}
		if c.X == c.Series {
			complain("series", fmt.Sprintf("%q is x too; must be another axis", c.Series))
			return
		}
	}
	c.tableName.check(o, free, complain, c.X, c.Series)
}

func (c *curves) Draw(r *Results) ([]Part, error) {
	x, series := r.axis(c.X), r.axis(c.Series)
	chosen := c.walks(r.Outline)
	keys, err := c.keys(r, chosen)
	if err != nil {
		return nil, err
	}
	var plots []figure.Picture
	var shown []string
	for _, key := range keys {
		p := figure.Curves{XLabel: symbol(c.X), LogX: c.LogX, LogY: c.LogY}
		lines := make([]figure.Series, max(1, len(series.Labels)))
		for n, label := range series.Labels {
			lines[n].Name = label
		}
		for _, i := range chosen {
			s, ok := r.Done[i].score(key)
			if !ok || c.LogY && s.Value <= 0 {
				continue
			}
			p.YLabel = s.Name
			at := float64(r.Done[i].Calls)
			if c.X != byCalls {
				at = x.Numbers[r.value(i, x)]
			}
			line := &lines[r.value(i, series)]
			line.X, line.Y, line.Marked = append(line.X, at), append(line.Y, s.Value), true
		}
		for _, line := range lines {
			if len(line.X) > 0 {
				p.Series = append(p.Series, line)
			}
		}
		for _, s := range r.Floors {
			if s.Key == key && (!c.LogY || s.Value > 0) {
				p.Levels = append(p.Levels, figure.Level{Name: fmt.Sprintf("%d real images", s.N), Y: s.Value})
			}
		}
		if len(p.Series) > 0 {
			plots, shown = append(plots, p), append(shown, p.YLabel)
		}
	}
	alt := "Plots of " + list(shown) + " against " + symbol(c.X)
	if c.Series != "" {
		alt += ", one curve for each value of " + span(series)
	}
	return onePart(figure.InRows(plots, 2), alt+"."), nil
}
