package kind

import (
	"fmt"

	"tweedie/experiments/strict"
	"tweedie/sample/figure"
)

// schedules plots the noise level sigma_k of walks against k/K.
type schedules struct {
	walkNames
	LogY bool
}

func (s *schedules) Fields() []strict.Field {
	return []strict.Field{
		s.walkNames.field(),
		strict.Optional("log_y", &s.LogY, false).Doc("whether the axis of noise levels is logarithmic"),
	}
}

func (s *schedules) Check(o *Outline, complain func(key, message string)) {
	s.walkNames.check(o, complain)
}

func (s *schedules) Draw(r *Results) ([]Part, error) {
	chosen := s.walks(r.Outline)
	alt := "Plot of the noise level σ against the share of the steps, k/K, of " + named(r.Outline, chosen)
	for _, i := range chosen[:min(len(chosen), most)] {
		if levels := r.Done[i].Sigma; len(levels) > 0 {
			alt += fmt.Sprintf("; %s from %.3g to %.3g in %s", r.Walks[i].Name, levels[0], levels[len(levels)-1],
				Counted(len(levels), "step"))
		}
	}
	return onePart(s.plot(r), alt+"."), nil
}

func (s *schedules) plot(r *Results) figure.Curves {
	c := figure.Curves{XLabel: "share of the steps, k/K", YLabel: "noise level σ", LogY: s.LogY}
	for _, i := range s.walks(r.Outline) {
		series := figure.Series{Name: r.Walks[i].Name, Y: r.Done[i].Sigma}
		for k := range series.Y {
			series.X = append(series.X, float64(k)/float64(len(series.Y)))
		}
		c.Series = append(c.Series, series)
	}
	return c
}

// samples shows the first samples of walks side by side, on request right of a plot of their schedules, as in the
// paper's figure 1.
type samples struct {
	walkNames
	Count     int // samples of each walk
	Schedules bool
}

func (s *samples) Fields() []strict.Field {
	return []strict.Field{
		s.walkNames.field(),
		strict.Optional("count", &s.Count, 9, strict.AtLeast(1)).Doc("samples of each walk"),
		strict.Optional("schedules", &s.Schedules, false).Doc("whether a plot of the noise levels is at the left"),
	}
}

func (s *samples) Check(o *Outline, complain func(key, message string)) {
	s.walkNames.check(o, complain)
}

func (s *samples) Draw(r *Results) ([]Part, error) {
	var all figure.SideBySide
	if s.Schedules {
		all.Parts = append(all.Parts, (&schedules{walkNames: s.walkNames}).plot(r))
	}
	chosen, shown := s.walks(r.Outline), 0
	for n, i := range chosen {
		if n := r.Done[i].Samples.N; n < s.Count {
			r.note("shows all %d samples of walk %s, fewer than count = %d", n, r.Walks[i].Name, s.Count)
		}
		part := figure.Samples{Images: r.Done[i].Samples.First(s.Count), Label: r.Walks[i].Name}
		if s.Schedules {
			part.Color = figure.Color(n)
		}
		all.Parts = append(all.Parts, part)
		shown = part.Images.N
	}
	alt := Counted(shown, "sample") + " each of " + named(r.Outline, chosen) + r.of() + ", side by side"
	if s.Schedules {
		alt += ", right of a plot of their noise levels"
	}
	return onePart(all, alt+"."), nil
}

// film shows how the first samples of each walk come about, in one film for each walk.
type film struct{ walkNames }

func (f *film) Fields() []strict.Field { return []strict.Field{f.walkNames.field()} }

func (f *film) Check(o *Outline, complain func(key, message string)) { f.walkNames.check(o, complain) }

func (f *film) Draw(r *Results) (films []Part, err error) {
	for _, i := range f.walks(r.Outline) {
		alt := fmt.Sprintf("Film: walk %s%s turns noise into samples, in %s.", r.Walks[i].Name, r.of(),
			Counted(len(r.Done[i].States), "frame"))
		films = append(films, Part{Suffix: "-" + r.Walks[i].Name, Film: r.Done[i].States, Alt: alt})
	}
	return films, nil
}
