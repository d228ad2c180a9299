package main

import (
	"fmt"
	"math"
	"path/filepath"

	"tweedie/data"
	"tweedie/data/random"
	"tweedie/nets/exact"
	"tweedie/sample/figure"
	"tweedie/sample/result"
)

// curvesFigure draws a quantity against sigma, a plot for each prior with a curve for each number of images.
func curvesFigure(studies []*study, yLabel string, level float64, y func(exact.Excess) float64) figure.Picture {
	var plots []figure.Picture
	for _, s := range studies {
		p := figure.Curves{Title: s.title, XLabel: "σ", YLabel: yLabel, LogX: true, LogY: true}
		for _, c := range append(append([]curve{}, s.curves...), s.linear) {
			series := figure.Series{Name: c.label(), X: sigmas, Marked: true}
			points := 0
			for _, e := range c.excess {
				v := math.NaN()
				if measurable(e) && e.Value > 0 {
					v = y(e)
					points++
				}
				series.Y = append(series.Y, v)
			}
			if points > 0 { // the linear denoiser of a Gaussian has no excess
				p.Series = append(p.Series, series)
			}
		}
		if level > 0 {
			p.Levels = []figure.Level{{Name: fmt.Sprintf("%g%%", 100*level), Y: level}}
		}
		plots = append(plots, p)
	}
	return figure.InRows(plots, 2)
}

// denoisedFigure shows images of a prior, with noise of standard deviation sigma, and denoised exactly and by networks.
func denoisedFigure(s *study, sigma float64) (figure.Picture, error) {
	const shown = 8
	clean := data.Drawn{Channels: 1, Height: side, Width: side, N: shown, Seed: testSeed, Draw: s.Draw}.All()
	noisy := make([]float32, len(clean))
	r := random.Stream(testSeed, random.PreviewNoise, 0)
	for i, v := range clean {
		noisy[i] = v + float32(sigma*r.NormFloat64())
	}
	rows := []figure.PanelRow{
		{Label: "image", Images: s.scaled(clean)}, {Label: fmt.Sprintf("σ = %.2g", sigma), Images: s.scaled(noisy)},
	}
	names := append([]string{"exact"}, labels(s.curves)...)
	for i, d := range s.denoisers {
		denoised := make([]float32, len(clean))
		if err := d.Denoise(denoised, noisy, sigma); err != nil {
			return nil, err
		}
		rows = append(rows, figure.PanelRow{Label: names[i], Images: s.scaled(denoised)})
	}
	return figure.Panels{Rows: rows, Scale: 14}, nil
}

// scaled returns images with two standard deviations of the prior's pixels between gray and white.
func (p prior) scaled(x []float32) []figure.Images {
	scaled := make([]float32, len(x))
	for i, v := range x {
		scaled[i] = v / float32(2*p.std)
	}
	return []figure.Images{{Pixels: scaled, N: len(x) / pixels, Channels: 1, Height: side, Width: side}}
}

// memorizationFigure draws the cosine similarities against the number of training images.
func memorizationFigure(all []memorization) figure.Picture {
	c := figure.Curves{XLabel: "N, training images of each network", YLabel: "cosine similarity", LogX: true, Width: 5}
	for _, line := range []struct {
		name string
		of   func(memorization) estimate
	}{
		{"samples of two networks", func(m memorization) estimate { return m.between }},
		{"sample and exact sample", func(m memorization) estimate { return m.exact }},
		{"sample and nearest training image", func(m memorization) estimate { return m.nearest }},
		{"new image and nearest training image", func(m memorization) estimate { return m.fresh }},
	} {
		s := figure.Series{Name: line.name, Marked: true}
		for _, m := range all {
			s.X, s.Y = append(s.X, float64(m.n)), append(s.Y, line.of(m).mean)
		}
		c.Series = append(c.Series, s)
	}
	return c
}

// memorizedFigure shows samples of both networks with the nearest image of each, for every number of images.
func memorizedFigure(p prior, all []memorization, exactSamples []float32) figure.Picture {
	const shown = 8
	var panels figure.Panels
	add := func(label string, x []float32) {
		panels.Rows = append(panels.Rows, figure.PanelRow{Label: label, Images: p.scaled(x[:shown*pixels])})
	}
	for _, m := range all {
		add(fmt.Sprintf("N = %d: nearest", m.n), m.nearFirst)
		add("first network", m.first)
		add("second network", m.second)
		add("nearest", m.nearSecond)
	}
	add("exact denoiser", exactSamples)
	panels.Scale = 14
	return panels
}

// A gallery collects the figures of a page.
type gallery struct {
	folder  string
	figures []result.Figure
}

// add draws a figure into the folder.
func (g *gallery) add(name, title, caption string, p figure.Picture) error {
	files, err := figure.Write(filepath.Join(g.folder, name), p)
	if err != nil {
		return err
	}
	for i := range files {
		files[i] = filepath.Base(files[i])
	}
	g.figures = append(g.figures, result.Figure{Name: name, Title: title, Caption: caption, Files: files})
	return nil
}
