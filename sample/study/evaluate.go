package study

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"

	"tweedie/experiments"
	"tweedie/nets"
	"tweedie/nets/exact"
	"tweedie/sample/metric"
)

// Evaluations use the same noise on at most so many images, so that numbers of different runs can be compared.
const evaluatedImages, evaluationSeed = 500, 1

// levelErrors are the mean squared errors per pixel at one noise level.
type levelErrors struct {
	Sigma  float64 `json:"sigma"`
	Raw    digits  `json:"raw"`
	EMA    digits  `json:"ema"`
	Linear *digits `json:"linear,omitempty"` // of the best affine denoiser; nil if there is none
}

// digits is a number written with six significant digits.
type digits float64

func (d digits) String() string { return strconv.FormatFloat(float64(d), 'g', 6, 64) }

func (d digits) MarshalJSON() ([]byte, error) { return json.Marshal(json.Number(d.String())) }

// Evaluate measures the denoising error of both sets of weights of the options' checkpoint on the images of a path, or
// of "validation", those held out, beside that of the best linear denoiser. It writes a table, and the same as lines
// of JSON.
func Evaluate(ctx context.Context, e *experiments.Experiment, path string, o Options, w io.Writer) error {
	s := newStudy(e, o)
	open := newDenoisers(s)
	raw, err := open.open(ctx, o.Checkpoint, "raw", nil)
	if err != nil {
		return err
	}
	ema, err := open.open(ctx, o.Checkpoint, "ema", nil)
	if err != nil {
		return err
	}
	pixels := raw.shape.Len()
	images, n, err := testImages(ctx, s, path, raw.shape, evaluatedImages)
	if err != nil {
		return fmt.Errorf("-evaluate %s: %w", path, err)
	}
	denoisers := []nets.Denoiser{raw, ema}
	about := ""
	switch linear, fitted, err := fitLinear(ctx, s); {
	case err == nil:
		denoisers = append(denoisers, linear)
		about = fmt.Sprintf("\nlinear: the best affine denoiser of %d training images of %s", fitted, s.Data.Path)
	case ctx.Err() != nil:
		return ctx.Err()
	default:
		s.Observer.Tell(Note, fmt.Sprintf("no column for the linear denoiser: %v", err))
	}

	total := len(denoisers) * n * len(metric.NoiseLevels)
	count := &counter{Progress{Name: "evaluation", Part: 1, Parts: 1, Total: total}, s.Observer}
	var errs [][]float64 // by denoiser and sigma
	for _, d := range denoisers {
		counting := countingDenoiser{d, ctx, pixels, count}
		e, err := metric.DenoisingError(counting, images, pixels, metric.NoiseLevels, evaluationSeed)
		if err != nil {
			return fmt.Errorf("%s: %w", raw.file, err)
		}
		errs = append(errs, e)
	}
	rows := make([]levelErrors, len(metric.NoiseLevels))
	for k, sigma := range metric.NoiseLevels {
		rows[k] = levelErrors{Sigma: sigma, Raw: digits(errs[0][k]), EMA: digits(errs[1][k])}
		if len(errs) > 2 {
			rows[k].Linear = new(digits(errs[2][k]))
		}
	}
	fmt.Fprintf(w, "Mean squared error per pixel on %d images of %s\nraw, ema: the weights of %s%s\n\n",
		n, path, raw.file, about)
	return tabulate(w, rows)
}

// fitLinear returns the best affine denoiser of the training images, and how many of them it was fitted to: all, or as
// many as time allows, evenly spaced. It is an error if they cannot be read, or are too large.
func fitLinear(ctx context.Context, s study) (g *exact.Gaussian, n int, err error) {
	images, n, pixels, err := trainingImages(ctx, s.Data, fittedAtMost)
	if err != nil {
		return nil, 0, err
	}
	if err := affordable(n, pixels); err != nil {
		return nil, 0, err
	}
	s.Observer.Tell(Info, fmt.Sprintf("evaluation: fitting the linear denoiser to %d images", n))
	g, err = interruptible(ctx, func() (*exact.Gaussian, error) { return exact.FitGaussian(images, pixels) })
	return g, n, err
}

// tabulate writes rows as a table and then as lines of JSON.
func tabulate(w io.Writer, rows []levelErrors) error {
	table := tabwriter.NewWriter(w, 0, 0, 3, ' ', 0)
	linear := rows[0].Linear != nil
	fmt.Fprint(table, "sigma\traw\tema")
	if linear {
		fmt.Fprint(table, "\tlinear")
	}
	fmt.Fprintln(table)
	for _, r := range rows {
		fmt.Fprintf(table, "%v\t%v\t%v", r.Sigma, r.Raw, r.EMA)
		if linear {
			fmt.Fprintf(table, "\t%v", r.Linear)
		}
		fmt.Fprintln(table)
	}
	fmt.Fprintln(table)
	if err := table.Flush(); err != nil {
		return err
	}
	lines := json.NewEncoder(w)
	for _, r := range rows {
		if err := lines.Encode(r); err != nil {
			return fmt.Errorf("errors at sigma %g: %w", r.Sigma, err)
		}
	}
	return nil
}
