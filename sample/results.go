package main

import (
	"fmt"
	"image"
	"io"
	"maps"
	"path/filepath"
	"runtime/debug"
	"slices"

	"tweedie/sample/figure"
	"tweedie/sample/report"
	"tweedie/sample/result"
)

// results are the walks of an experiment, drawn, on their way to its folder.
type results struct {
	selection
	jobs     []job
	drawings []*drawing
	stdout   io.Writer
	made     result.Experiment
}

// write stores pictures, figures, results.csv, results.json and the report, and says where.
func (r *results) write(scorer *scorer, withTrajectory bool) error {
	for _, a := range r.experiment.Axes() {
		r.made.Axes = append(r.made.Axes, result.Axis{Key: a.Key, Labels: a.Labels})
	}
	for i := range r.jobs {
		if err := r.walked(i, scorer, withTrajectory); err != nil {
			return fmt.Errorf("walk %s: %w", r.jobs[i].Name, err)
		}
	}
	for _, n := range slices.Sorted(maps.Keys(scorer.floors)) {
		r.made.Floors = append(r.made.Floors, scorer.floors[n]...)
	}
	for _, f := range r.experiment.Figures {
		if err := r.figure(f); err != nil {
			return fmt.Errorf("figure %s: %w", f.Name, err)
		}
	}
	if err := r.writeCSV(filepath.Join(r.figures, "results.csv")); err != nil {
		return err
	}
	if err := result.Save(r.figures, &r.made); err != nil {
		return err
	}
	if err := report.Write(r.report, report.Page{Title: r.made.Title, Folders: []string{r.figures}}); err != nil {
		return err
	}
	fmt.Fprintln(r.stdout, "wrote", r.report)
	return nil
}

// walked scores a walk, stores its pictures and adds it to what is made.
func (r *results) walked(i int, scorer *scorer, withTrajectory bool) error {
	j, d := r.jobs[i], r.drawings[i]
	w := result.Walk{Name: j.Name, Base: j.Base, At: j.At, Key: j.key, TOML: j.Encode(), Checkpoint: j.checkpoint, Hash: j.hash,
		Samples: j.count(), Calls: len(j.walk.Sigma), Seconds: d.seconds, Sigma: j.walk.Sigma}
	var err error
	if w.Scores, err = scorer.scores(j, d.samples); err != nil {
		return err
	}
	r.summarize(w)
	picture, err := j.picture(d.samples)
	if err != nil {
		return err
	}
	w.Picture = j.Name + ".png"
	if len(j.At) > 0 {
		w.Picture = keptFolder + "/" + w.Picture
	}
	paths := []string{filepath.Join(r.figures, filepath.FromSlash(w.Picture))}
	if err := figure.WritePNG(paths[0], picture); err != nil {
		return err
	}
	if withTrajectory {
		drawn, err := d.course.trajectory(*j.denoiser, r.figures, j.Name)
		if err != nil {
			return err
		}
		paths = append(paths, drawn...)
	}
	if len(j.At) == 0 {
		for _, path := range paths {
			fmt.Fprintln(r.stdout, "wrote", path)
		}
	}
	if w.States, err = r.states(j, d.course); err != nil {
		return err
	}
	r.made.Walks = append(r.made.Walks, w)
	return nil
}

// summarize prints a walk's scores.
func (r *results) summarize(w result.Walk) {
	if len(w.Scores) == 0 {
		return
	}
	fmt.Fprintf(r.stdout, "%s:", w.Name)
	for _, s := range w.Scores {
		fmt.Fprintf(r.stdout, " %s %.4g,", s.Key, s.Value)
	}
	fmt.Fprintf(r.stdout, " of %d\n", w.Samples)
}

// picture is a grid of samples or, with a measurement, the sheet of its posteriors.
func (j job) picture(samples []float32) (image.Image, error) {
	if m := j.measured; m != nil {
		return figure.Labelled(m.sheet(samples, j.denoiser.shape()), 0)
	}
	return figure.Grid(j.denoiser.images(samples), 0, 0)
}

// states stores pictures of a course.
func (r *results) states(j job, c *course) ([]result.State, error) {
	var states []result.State
	for _, s := range c.states {
		picture, err := figure.Grid(j.denoiser.images(s.X), 0, 1)
		if err != nil {
			return nil, err
		}
		name := fmt.Sprintf("%s/%s-%04d.png", keptFolder, j.Name, s.K)
		if err := figure.WritePNG(filepath.Join(r.figures, filepath.FromSlash(name)), picture); err != nil {
			return nil, err
		}
		states = append(states, result.State{K: s.K, Sigma: s.Sigma, Picture: name})
	}
	return states, nil
}

// version is that of the program, as far as it is known.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	v := info.Main.Version
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			v += " " + s.Value
		}
	}
	return v
}
