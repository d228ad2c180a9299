package study

import (
	"context"
	"fmt"
	"io"

	"tweedie/experiments"
	"tweedie/nets"
	"tweedie/sample/metric"
)

// Evaluations use the same noise on at most so many images, so that numbers of different runs can be compared.
const evaluatedImages, evaluationSeed = 500, 1

// likelihoodImages is the number of images whose likelihood is measured, at most. It takes seven times as many calls of
// the denoiser as the errors, so that there are fewer images if they are large.
func likelihoodImages(pixels int) int {
	return min(evaluatedImages, max(16, evaluatedImages*1024/pixels))
}

// An evaluated denoiser is a column of the table of errors.
type evaluated struct {
	key   string // of the column, and in lines of JSON
	about string // says what it is
	nets.Denoiser

	errors  []float64   // mean squared errors per pixel, by metric.NoiseLevels
	bits    metric.Bits // of the images
	hasBits bool        // whether bits are measured
}

// Evaluate measures the denoising error of the options' checkpoint on the images of a path, or of "validation", those
// held out, and their likelihood: with both sets of weights, or with a closed form. It measures the same of the best
// linear denoiser, and the error of the training images' own as a finite set. It writes tables, and the same as lines
// of JSON.
func Evaluate(ctx context.Context, e *experiments.Experiment, path string, o Options, w io.Writer) error {
	s := newStudy(e, o)
	columns, opened, err := openEvaluated(ctx, s)
	if err != nil {
		return err
	}
	pixels := opened.shape.Len()
	images, n, err := testImages(ctx, s, path, opened.shape, evaluatedImages)
	if err != nil {
		return fmt.Errorf("-evaluate %s: %w", path, err)
	}
	references, err := fitReferences(ctx, s)
	if err != nil {
		return err
	}
	columns = append(columns, references...)

	likelihood := metric.EightBit(evaluationSeed)
	some := evenlySpaced(images, pixels, min(n, likelihoodImages(pixels)))
	if n == 1 {
		s.Observer.Tell(Note, "no likelihood: its error cannot be told from a single image")
	}
	count := &counter{Progress{Name: "evaluation", Part: 1, Parts: 1}, s.Observer}
	for i := range columns {
		c := &columns[i]
		c.hasBits = c.hasBits && n > 1
		count.Total += n * len(metric.NoiseLevels)
		if c.hasBits {
			count.Total += len(some) / pixels * likelihood.Levels
		}
	}
	for i := range columns {
		c := &columns[i]
		d := countingDenoiser{c.Denoiser, ctx, pixels, count}
		if c.errors, err = metric.DenoisingError(d, images, pixels, metric.NoiseLevels, evaluationSeed); err != nil {
			return fmt.Errorf("%s: %s: %w", opened.file, c.key, err)
		}
		if !c.hasBits {
			continue
		}
		if c.bits, err = likelihood.Measure(d, some, pixels); err != nil {
			return fmt.Errorf("%s: %s: %w", opened.file, c.key, err)
		}
	}
	return evaluation{path, columns, n, len(some) / pixels, likelihood.Levels}.write(w)
}

// openEvaluated returns both sets of weights of the options' checkpoint, or its closed form, and one of them as it was
// opened.
func openEvaluated(ctx context.Context, s study) (columns []evaluated, opened openedDenoiser, err error) {
	open := newDenoisers(s)
	keys := []string{"raw", "ema"}
	if isExact(s.Checkpoint) {
		keys = []string{"exact"}
	}
	for _, key := range keys {
		if opened, err = open.open(ctx, s.Checkpoint, key, nil); err != nil {
			return nil, opened, err
		}
		columns = append(columns, evaluated{key: key, Denoiser: opened, hasBits: true})
	}
	if isExact(s.Checkpoint) {
		columns[0].about = "exact: " + opened.file
	} else {
		columns[0].about = "raw, ema: the weights of " + opened.file
	}
	return columns, opened, nil
}
