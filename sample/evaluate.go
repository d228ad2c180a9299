package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"

	"tweedie/data"
	"tweedie/experiments"
	"tweedie/nets"
	"tweedie/sample/inverse"
	"tweedie/sample/metric"
)

// What is measured, always the same, so that numbers of different runs can be compared.
const (
	evaluated      = 500 // images, at most
	evaluationSeed = 1
	ownImages      = "validation" // the name of the experiment's own held-out images
)

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

// evaluate measures the denoisers of both sets of weights, and the linear one, on the images of a path.
func (s selection) evaluate(ctx context.Context, path string, stdout, stderr io.Writer) error {
	raw, err := s.open(ctx, s.checkpoint, "raw", nil, stderr)
	if err != nil {
		return err
	}
	ema, err := s.open(ctx, s.checkpoint, "ema", nil, stderr)
	if err != nil {
		return err
	}
	images, n, err := s.testImages(ctx, path, raw.shape(), evaluated, stderr)
	if err != nil {
		return fmt.Errorf("-evaluate %s: %w", path, err)
	}
	denoisers := []nets.Denoiser{raw, ema}
	about := ""
	switch linear, fitted, err := fitLinear(ctx, s.experiment.Data, stderr); {
	case err == nil:
		denoisers = append(denoisers, linear)
		about = fmt.Sprintf("\nlinear: the best affine denoiser of %d training images of %s", fitted, s.experiment.Data.Path)
	case ctx.Err() != nil:
		return ctx.Err()
	default:
		fmt.Fprintf(stderr, "sample: note: no column for the linear denoiser: %v\n", err)
	}

	progress := newProgress(stderr, len(denoisers)*n*len(metric.NoiseLevels))
	progress.of("evaluation", 1, 1)
	defer progress.close()
	var errs [][]float64 // by denoiser and sigma
	for _, d := range denoisers {
		d = observed{ctx, d, raw.pixels(), progress}
		e, err := metric.DenoisingError(d, images, raw.pixels(), metric.NoiseLevels, evaluationSeed)
		if err != nil {
			return fmt.Errorf("%s: %w", s.checkpoint, err)
		}
		errs = append(errs, e)
	}
	progress.close()

	results := make([]levelErrors, len(metric.NoiseLevels))
	for k, sigma := range metric.NoiseLevels {
		results[k] = levelErrors{Sigma: sigma, Raw: digits(errs[0][k]), EMA: digits(errs[1][k])}
		if len(errs) > 2 {
			results[k].Linear = new(digits(errs[2][k]))
		}
	}
	fmt.Fprintf(stdout, "Mean squared error per pixel on %d images of %s\nraw, ema: the weights of %s%s\n\n", n, path, s.checkpoint, about)
	return tabulate(stdout, results)
}

// tabulate writes the results as a table and then as lines of JSON.
func tabulate(w io.Writer, results []levelErrors) error {
	table := tabwriter.NewWriter(w, 0, 0, 3, ' ', 0)
	linear := results[0].Linear != nil
	fmt.Fprint(table, "sigma\traw\tema")
	if linear {
		fmt.Fprint(table, "\tlinear")
	}
	fmt.Fprintln(table)
	for _, r := range results {
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
	for _, r := range results {
		if err := lines.Encode(r); err != nil {
			return fmt.Errorf("errors at sigma %g: %w", r.Sigma, err)
		}
	}
	return nil
}

// testImages returns so many images of a shape, or as many as there are: the first of a path, or some spread over the experiment's
// held-out ones.
func (s selection) testImages(ctx context.Context, path string, shape inverse.Shape, most int, stderr io.Writer) (images []float32, n int, err error) {
	set, err := s.testSet(path, shape)
	if err != nil {
		return nil, 0, err
	}
	defer set.Close()
	n = min(most, set.Len())
	among := n
	if path == ownImages {
		among = set.Len()
	}
	if images, err = set.EvenlySpaced(ctx, n, among); err != nil {
		return nil, 0, err
	}
	if bad := set.Unreadable(); len(bad) > 0 {
		fmt.Fprintf(stderr, "sample: note: %d images cannot be read, and others take their place; the first: %v\n", len(bad), bad[0])
	}
	return images, n, nil
}

func (s selection) testSet(path string, shape inverse.Shape) (*data.Set, error) {
	d := s.experiment.Data
	if d.Size+d.Crop == 0 { // there is no [data]
		d.Size, d.Channels = shape.Height, shape.Channels
	}
	if path != ownImages {
		d.Path, d.Validation = path, experiments.Validation{}
		set, _, err := d.Open()
		return set, err
	}
	training, set, err := d.Open()
	if err != nil {
		return nil, err
	}
	if set == nil {
		training.Close()
		return nil, invalid{fmt.Errorf("%s holds out no images: set data.validation, or name a folder or .zip", s.origin)}
	}
	return set, nil
}
