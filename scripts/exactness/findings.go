package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"tweedie/nets/exact"
	"tweedie/sample/report"
	"tweedie/sample/result"
)

// findings are all that was measured.
type findings struct {
	studies       []*study
	paired        prior // of the networks whose samples are compared
	exactSamples  []float32
	memorizations []memorization
}

// sentences says what came of it all.
func (f findings) sentences() (lines []string) {
	for _, s := range f.studies {
		lines = append(lines, s.sentence())
	}
	if len(f.memorizations) == 0 {
		return lines
	}
	few, many := f.memorizations[0], f.memorizations[len(f.memorizations)-1]
	return append(lines, fmt.Sprintf("Two networks with the same noise and no image in common (%s): trained on %d "+
		"images each, their samples have a cosine similarity of %.2f, and of %.2f with the nearest training image. "+
		"Trained on %d images each, they have %.2f with each other, %.2f with the sample of the exact denoiser, and "+
		"%.2f with the nearest training image. A new image of the distribution has %.2f with that.",
		f.paired.title, few.n, few.between.mean, few.nearest.mean,
		many.n, many.between.mean, many.exact.mean, many.nearest.mean, many.fresh.mean))
}

// sentence says how near the network with the most training images came, and whether more images help.
func (s *study) sentence() string {
	last := s.curves[len(s.curves)-1]
	worst := last.worst()
	line := fmt.Sprintf("%s: with endless images the excess, as a share of the MMSE at σ from %g to %g, is %s. "+
		"At worst, at σ = %g, it is %s%%; there the MMSE is %.2g%% of the noise's variance.",
		s.title, sigmas[0], sigmas[len(sigmas)-1], last.verdict(), worst.Sigma,
		percent(worst, worst.Value, worst.ValueError), 100*worst.MMSE/(worst.Sigma*worst.Sigma))
	var means []string
	falls := "It falls with the number of images"
	for i, c := range s.curves {
		means = append(means, fmt.Sprintf("%.2g%% (%s)", 100*c.mean(), c.label()))
		if i > 0 && c.mean() > s.curves[i-1].mean() {
			falls = "It does not fall with every step"
		}
	}
	return fmt.Sprintf("%s %s; its geometric mean over σ is %s. The difference of errors agrees with it within %.1f "+
		"standard errors at every σ.", line, falls, strings.Join(means, ", "), last.disagreement())
}

// memorizationTable has the similarities with their standard errors.
func (f findings) memorizationTable() result.Table {
	t := result.Table{
		Title:   "Cosine similarities",
		Caption: "Means over samples, with standard errors; images minus the mean image. " + f.paired.title + ".",
		Columns: []string{"N", "two networks", "network and exact", "sample and nearest image",
			"new image and nearest image"},
	}
	for _, m := range f.memorizations {
		row := []string{fmt.Sprint(m.n)}
		for _, e := range []estimate{m.between, m.exact, m.nearest, m.fresh} {
			row = append(row, e.String())
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// tables returns all tables of the report.
func (f findings) tables() (tables []result.Table) {
	for _, s := range f.studies {
		tables = append(tables, s.table())
	}
	for _, s := range f.studies {
		tables = append(tables, s.scoreTable(), s.fittedTable())
	}
	return append(tables, f.memorizationTable())
}

// text writes the numbers for a terminal.
func (f findings) text() string {
	var b strings.Builder
	for _, t := range f.tables() {
		fmt.Fprintf(&b, "%s. %s\n", t.Title, t.Caption)
		for _, row := range append([][]string{t.Columns}, t.Rows...) {
			for i, cell := range row {
				width := 22
				if i == 0 {
					width = 6
				}
				fmt.Fprintf(&b, "%-*s", width, cell)
			}
			b.WriteString("\n")
		}
		b.WriteString("\n")
	}
	for _, line := range f.sentences() {
		b.WriteString(line + "\n")
	}
	return b.String()
}

// publish draws the figures and writes the report, and returns its path.
func (x experiment) publish(f findings) (page string, err error) {
	g := gallery{folder: filepath.Join(x.folder, "figures")}
	if err := os.MkdirAll(g.folder, 0o777); err != nil {
		return "", err
	}
	if err := x.draw(&g, f); err != nil {
		return "", err
	}
	e := &result.Experiment{
		Name: "exactness", Title: "How near to the MMSE denoiser", Command: x.command, TOML: string(recipe),
		Figures: g.figures, Tables: f.tables(),
	}
	if err := result.Save(g.folder, e); err != nil {
		return "", err
	}
	page = filepath.Join(x.folder, "report.html")
	return page, report.Write(page, report.Page{
		Title: "How near do trained networks come to the MMSE denoiser?",
		Text:  introduction + "\n\n" + strings.Join(f.sentences(), "\n\n"), Folders: []string{g.folder},
	})
}

const introduction = `A network that is trained to denoise has one ideal: the MMSE denoiser D*(x, σ) = ` +
	`E[X | X + σ n = x]. For photographs nobody knows it. Here images of 8 × 8 pixels are drawn from distributions ` +
	`for which it is known in closed form, so every error of a network can be measured.` + "\n\n" +
	`The excess of a denoiser D is E|D − D*|². By orthogonality it is what the MSE of D has more than the MMSE. It ` +
	`varies far less from image to image than the difference of the two errors, which the tables give as a check. By ` +
	`Tweedie's formula, (D − D*)/σ² is the error of the score that a walk follows. All networks are the same small ` +
	`U-Net with the same training. Only the number N of training images differs; “endless” means that no image is ` +
	`seen twice.`

// draw draws all figures.
func (x experiment) draw(g *gallery, f findings) error {
	for _, s := range f.studies {
		p, err := denoisedFigure(s, s.std)
		if err != nil {
			return err
		}
		err = g.add("images-"+s.prior.name, s.title, "Images, the same with noise of their own standard "+
			"deviation, the exact MMSE denoiser's result, and those of the networks.", p)
		if err != nil {
			return err
		}
	}
	err := g.add("excess", "Excess over the MMSE", "Share of the MMSE by which the MSE of a denoiser is greater, "+
		"against the noise level. The dashed line is 2%. The MMSE denoiser of a Gaussian is linear, so there the best "+
		"linear denoiser has no excess.",
		curvesFigure(f.studies, "excess / MMSE", most, exact.Excess.Relative))
	if err != nil {
		return err
	}
	err = g.add("score", "Error of the score", "Root mean square of (D − D*)/σ² per pixel, against the noise level. "+
		"By Tweedie's formula this is the error of the score that a walk follows.",
		curvesFigure(f.studies, "error of the score", 0, exact.Excess.Score))
	if err != nil {
		return err
	}
	err = g.add("memorization", "From memory to the distribution", "Two networks are trained on N images each, and no "+
		"image is in both sets. Their walks have the same noise. Networks that have memorized walk to their own "+
		"training images. Networks that have learned the distribution walk to one and the same image, that of the "+
		"exact denoiser, and it is no nearer to a training image than a new image is. "+
		"After Kadkhodaie et al. (arXiv 2310.02557), figure 2.",
		memorizationFigure(f.memorizations))
	if err != nil {
		return err
	}
	return g.add("samples", "Samples of both networks", "Each column is one noise. For each N, from top to bottom: "+
		"the training image nearest to the sample of the first network, that sample, the sample of the second "+
		"network, and the nearest of its own training images.",
		memorizedFigure(f.paired, f.memorizations, f.exactSamples))
}
