package study

import (
	"fmt"
	"image"
	"path/filepath"

	"tweedie/experiments"
	"tweedie/sample/figure"
	"tweedie/sample/figure/kind"
	"tweedie/sample/result"
)

// pictureName and the three functions after it name the pictures of a walk, relative to the experiment's folder, with
// slashes. Those of a sweep are too many for the folder itself.
func (j job) pictureName() string {
	if j.inSweep() {
		return walkFolder + "/" + j.Name + ".png"
	}
	return j.Name + ".png"
}

func (j job) stateName(k int) string { return fmt.Sprintf("%s/%s-%04d.png", walkFolder, j.Name, k) }

func (j job) stripName() string { return j.Name + "-trajectory.png" }

func (j job) filmName() string { return j.Name + "-trajectory.gif" }

// path returns the path of a file in the experiment's folder.
func (s study) path(name string) string { return filepath.Join(s.Folder, filepath.FromSlash(name)) }

// wrote reports that a file has been written.
func (s study) wrote(path string) { s.Observer.Tell(Outcome, "wrote "+path) }

// writePictures stores the picture of a walk's samples, those of its states, and if they are asked for, the strip and
// the film of its trajectory.
func writePictures(s study, j job, d *drawing) error {
	e := exhibitOf(j, d)
	files := []string{j.pictureName()}
	if err := writePNG(s.path(files[0]), e.picture); err != nil {
		return err
	}
	if s.Trajectory {
		files = append(files, j.stripName(), j.filmName())
		if err := writePNG(s.path(j.stripName()), e.strip); err != nil {
			return err
		}
		if err := figure.WriteFilm(s.path(j.filmName()), e.film()); err != nil {
			return err
		}
	}
	for _, state := range e.states {
		grid := func() (image.Image, error) { return figure.Grid(state.x, 0, 1) }
		if err := writePNG(s.path(j.stateName(state.k)), grid); err != nil {
			return err
		}
	}
	if !j.inSweep() {
		for _, name := range files {
			s.wrote(s.path(name))
		}
	}
	return nil
}

func writePNG(path string, draw func() (image.Image, error)) error {
	picture, err := draw()
	if err != nil {
		return err
	}
	return figure.WritePNG(path, picture)
}

// writeFigure draws a figure of the experiment and stores it.
func writeFigure(s study, r *kind.Results, f experiments.Figure) (made result.Figure, err error) {
	made = result.Figure{Name: f.Name, Title: f.Title, Caption: f.Caption}
	parts, err := f.Settings.Draw(r)
	if err != nil {
		return made, err
	}
	for _, part := range parts {
		files, err := part.Write(s.path(f.Name))
		if err != nil {
			return made, err
		}
		for _, file := range files {
			s.wrote(file)
			made.Files, made.Alts = append(made.Files, filepath.Base(file)), append(made.Alts, part.Alt)
		}
	}
	return made, nil
}
