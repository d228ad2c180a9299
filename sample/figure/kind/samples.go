package kind

import (
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

func (s *schedules) Draw(r *Results) ([]Part, error) { return onePart(s.plot(r)), nil }

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
	for n, i := range s.walks(r.Outline) {
		if n := r.Done[i].Samples.N; n < s.Count {
			r.note("shows all %d samples of walk %s, fewer than count = %d", n, r.Walks[i].Name, s.Count)
		}
		part := figure.Samples{Images: r.Done[i].Samples.First(s.Count), Label: r.Walks[i].Name}
		if s.Schedules {
			part.Color = figure.Color(n)
		}
		all.Parts = append(all.Parts, part)
	}
	return onePart(all), nil
}

// film shows how the first samples of each walk come about, in one film for each walk.
type film struct{ walkNames }

func (f *film) Fields() []strict.Field { return []strict.Field{f.walkNames.field()} }

func (f *film) Check(o *Outline, complain func(key, message string)) { f.walkNames.check(o, complain) }

func (f *film) Draw(r *Results) (films []Part, err error) {
	for _, i := range f.walks(r.Outline) {
		films = append(films, Part{Suffix: "-" + r.Walks[i].Name, Film: r.Done[i].States})
	}
	return films, nil
}
