package kind

import (
	"fmt"
	"slices"
	"strings"

	"tweedie/sample/figure"
	"tweedie/sample/figure/shade"
)

// Functions of this file help to write a figure's alternative text, which says what is seen to those who cannot see it.

// most is the number of names that a text lists before it says how many others there are.
const most = 6

// list writes names as "a, b and c".
func list(names []string) string {
	if n := len(names); n > most {
		names = append(names[:most-1:most-1], fmt.Sprintf("%d others", n-most+1))
	}
	last := len(names) - 1
	if last < 1 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

// named writes walks as "walk a" or "walks a, b and c".
func named(o *Outline, walks []int) string {
	var names []string
	for _, i := range walks {
		names = append(names, o.Walks[i].Name)
	}
	if len(names) == 1 {
		return "walk " + names[0]
	}
	return "walks " + list(names)
}

// of names what the images show, as " (letters and digits)"; nothing if that is not known.
func (o *Outline) of() string {
	if o.Motif == "" {
		return ""
	}
	return " (" + o.Motif + ")"
}

// span writes an axis as "step size ε (0.1 to 1)".
func span(a Axis) string {
	first, last := a.Labels[0], a.Labels[len(a.Labels)-1]
	switch {
	case len(a.Labels) == 1:
		return fmt.Sprintf("%s (%s)", symbol(a.Key), first)
	case a.Numbers != nil:
		return fmt.Sprintf("%s (%s to %s)", symbol(a.Key), first, last)
	}
	return fmt.Sprintf("%s (%s)", symbol(a.Key), list(a.Labels))
}

// Counted writes "1 sample", "2 samples".
func Counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// extremes says where the best and the worst value of a heat map are, or the lowest and the highest.
func extremes(m figure.HeatMap, x, y Axis) string {
	scale := shade.New(slices.Concat(m.Values...), m.Best)
	if scale.Empty() {
		return m.Title + ": no values."
	}
	dark, bright, darkIs, brightIs := scale.Ends()
	at := func(value float64) string {
		for j, row := range m.Values {
			for i, v := range row {
				if v == value {
					return fmt.Sprintf("%.3g at %s %s, %s %s",
						v, symbol(x.Key), x.Labels[i], symbol(y.Key), y.Labels[j])
				}
			}
		}
		return ""
	}
	return fmt.Sprintf("%s: %s %s; %s %s.", m.Title, brightIs, at(bright), darkIs, at(dark))
}
