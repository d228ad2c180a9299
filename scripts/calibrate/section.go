package main

import (
	"fmt"
	"path/filepath"
	"strconv"

	"tweedie/sample/figure"
	"tweedie/sample/result"
)

// A section is a part of the report, with what it says about the paper's claims.
type section struct {
	*result.Experiment
	findings []finding
}

// newSection returns a section without figures.
func newSection(name, title string) section {
	return section{Experiment: &result.Experiment{Name: name, Title: title,
		Command: "go run ./scripts/calibrate", Version: fmt.Sprintf("results %d", version)}}
}

// draw adds a figure to a section, with its caption.
func (b *bench) draw(s section, name string, p figure.Picture, replacements ...string) error {
	files, err := figure.Write(filepath.Join(b.folder, s.Name, name), p)
	if err != nil {
		return err
	}
	f := result.Figure{Name: name}
	f.Title, f.Caption = caption(name, replacements...)
	for _, file := range files {
		f.Files = append(f.Files, filepath.Base(file))
	}
	s.Figures = append(s.Figures, f)
	return nil
}

// describe names a problem in words.
func describe(p problem) string {
	return fmt.Sprintf("%s, %s, η = %g std", p.prior().title, p.Operator, p.Eta)
}

func labels[T int | float64](values []T) (all []string) {
	for _, v := range values {
		all = append(all, strconv.FormatFloat(float64(v), 'g', -1, 64))
	}
	return all
}
