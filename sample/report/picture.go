package report

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"fmt"
	"html/template"
	"image"
	"image/draw"
	"image/gif"
	"image/png"
	"os"
	"path/filepath"
	"slices"

	"tweedie/sample/result"
)

// A picture is a file of an experiment's folder within the page. It is a link to itself in full size: the link's target
// is the picture, which then fills the window. That needs neither a script nor the file.
type picture struct {
	ID     string // unique in the page
	File   string // name in the folder
	Alt    string // what is seen
	Source template.URL
	Still  template.Srcset // for readers who want no motion, the last picture of a film; "" if nothing moves

	Width, Height int // pixels; 0 if the size is not that of pixels
	Full          int // width in full size: an enlargement by a whole number
}

// A figure is a picture, or several films, with its texts.
type figure struct {
	Title, Caption string
	Pictures       []picture
}

// fullSide is about how many pixels the longer side of a small picture has in full size.
const fullSide = 700

// embed reads a picture.
func embed(folder, file, id, alt string) (picture, error) {
	p := picture{ID: id, File: file, Alt: alt}
	content, err := os.ReadFile(filepath.Join(folder, filepath.FromSlash(file)))
	if err != nil {
		return p, err
	}
	kinds := map[string]string{".svg": "image/svg+xml", ".png": "image/png", ".gif": "image/gif"}
	kind := kinds[filepath.Ext(file)]
	p.Source = template.URL(encode(kind, content))
	if kind == "image/svg+xml" {
		return p, nil
	}
	size, _, err := image.DecodeConfig(bytes.NewReader(content))
	if err != nil {
		return p, fmt.Errorf("%s: %w", file, err)
	}
	p.Width, p.Height = size.Width, size.Height
	p.Full = size.Width * max(1, fullSide/max(size.Width, size.Height, 1))
	if kind == "image/gif" {
		if p.Still, err = still(content); err != nil {
			return p, fmt.Errorf("%s: %w", file, err)
		}
	}
	return p, nil
}

// encode returns content as a data URI.
func encode(kind string, content []byte) string {
	return "data:" + kind + ";base64," + base64.StdEncoding.EncodeToString(content)
}

// still returns the last picture of a film, which shows the finished samples, or "" if the film has only one.
func still(film []byte) (template.Srcset, error) {
	all, err := gif.DecodeAll(bytes.NewReader(film))
	if err != nil || len(all.Image) < 2 {
		return "", err
	}
	m := image.NewRGBA(image.Rect(0, 0, all.Config.Width, all.Config.Height))
	for _, frame := range all.Image { // a frame may be a part of the picture
		draw.Draw(m, frame.Bounds(), frame, frame.Bounds().Min, draw.Over)
	}
	var encoded bytes.Buffer
	if err := png.Encode(&encoded, m); err != nil {
		return "", err
	}
	return template.Srcset(encode("image/png", encoded.Bytes())), nil
}

// film is the preference of a film.
const film = 2

// preference orders the file formats of a figure, the best first.
func preference(file string) int {
	switch filepath.Ext(file) {
	case ".svg":
		return 0
	case ".png":
		return 1
	}
	return film
}

// figures reads the figures of an experiment, each in the best of its file formats.
func (s *section) figures(folder string) error {
	for _, f := range s.Experiment.Figures {
		made := figure{Title: f.Title, Caption: f.Caption}
		files := slices.Clone(f.Files)
		slices.SortStableFunc(files, func(a, b string) int { return cmp.Compare(preference(a), preference(b)) })
		for i, file := range files {
			if i > 0 && preference(file) < film {
				continue // the same picture in another format
			}
			id := fmt.Sprintf("%s-figure-%d-%d", s.Name, len(s.Figures), len(made.Pictures))
			p, err := embed(folder, file, id, alt(f, file))
			if err != nil {
				return err
			}
			made.Pictures = append(made.Pictures, p)
		}
		s.Figures = append(s.Figures, made)
	}
	return nil
}

// alt returns what a file of a figure shows, or the figure's title if that is not known.
func alt(f result.Figure, file string) string {
	if i := slices.Index(f.Files, file); i < len(f.Alts) {
		return f.Alts[i]
	}
	return cmp.Or(f.Title, f.Name)
}
