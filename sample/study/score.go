package study

import (
	"context"
	"fmt"
	"slices"

	"tweedie/sample/inverse"
	"tweedie/sample/metric"
	"tweedie/sample/result"
)

// neighbours is the k of precision, recall, density and coverage. A score needs k+1 images.
const neighbours = 5

// searched is how many times as many training images as samples are compared with are searched for memorised ones.
const searched = 3

// priorImages is the number of training images whose standard deviation is compared with that of posteriors.
const priorImages = 256

// A judge scores samples: those of a walk without a measurement, as a set, against the training images if the
// experiment has [metrics], and those of a measurement each against the truth.
type judge struct {
	reference *metric.Reference        // nil without [metrics]
	floors    map[int][]result.Score   // scores of as many real images, by their number
	linear    *inverse.LinearEstimator // nil without metrics.linear
	prior     []float32                // some training images, to compare posteriors with
	seed      uint64
}

// newJudge reads the training images that the scores need.
func newJudge(ctx context.Context, s study, jobs []job) (*judge, error) {
	judge := &judge{floors: map[int][]result.Score{}, seed: s.Seed}
	measures := func(j job) bool { return j.problem != nil }
	if m := s.Metrics; m != nil && !all(jobs, measures) {
		training, classes, err := classifiedImages(ctx, s.Data, searched*m.Reference)
		if err != nil {
			return nil, fmt.Errorf("metrics: %w", err)
		}
		pixels := len(training) / len(classes)
		images := evenlySpaced(training, pixels, min(len(classes), m.Reference))
		s.Observer.Tell(Info, fmt.Sprintf("metrics: compared with %d training images", len(images)/pixels))
		options := metric.ReferenceOptions{Features: m.Features, Neighbours: neighbours, Seed: s.Seed,
			Shape:    inverse.Shape{Channels: s.Data.Channels, Height: s.side(), Width: s.side()},
			Training: training, Classes: classes}
		judge.reference, err = interruptible(ctx, func() (*metric.Reference, error) {
			return metric.NewReference(images, pixels, options)
		})
		if err != nil {
			return nil, fmt.Errorf("metrics: %w", err)
		}
	}
	if slices.ContainsFunc(jobs, measures) && s.Data.Path != "" {
		var err error
		if judge.prior, _, _, err = trainingImages(ctx, s.Data, func(int) int { return priorImages }); err != nil {
			return nil, fmt.Errorf("the variance of training images: %w", err)
		}
	}
	if s.estimatesLinearly(jobs) {
		var err error
		if judge.linear, err = fitLinearEstimator(ctx, s); err != nil {
			return nil, err
		}
	}
	return judge, nil
}

func all[T any](values []T, holds func(T) bool) bool {
	return !slices.ContainsFunc(values, func(v T) bool { return !holds(v) })
}

// scoreAll scores the samples of every walk. A walk whose scores fail has none; its error is among those returned.
func scoreAll(
	ctx context.Context, s study, judge *judge, jobs []job, drawings []*drawing,
) (scores [][]result.Score, failed []error) {
	scores = make([][]result.Score, len(jobs))
	for i, j := range jobs {
		var err error
		scores[i], err = interruptible(ctx,
			func() ([]result.Score, error) { return judge.score(j, drawings[i].samples) })
		if ctx.Err() != nil {
			return scores, append(failed, ctx.Err())
		}
		if err != nil {
			failed = append(failed, fmt.Errorf("scores of walk %s: %w", j.Name, err))
			continue
		}
		if len(scores[i]) > 0 {
			s.Observer.Tell(Outcome, summary(j, scores[i]))
		}
	}
	return scores, failed
}

// summary is a line of a walk's scores.
func summary(j job, scores []result.Score) string {
	text := j.Name + ":"
	for _, s := range scores {
		text += fmt.Sprintf(" %s %.4g,", s.Key, s.Value)
	}
	return fmt.Sprintf("%s of %d", text, j.count())
}

// score returns the scores of a walk's samples.
func (c *judge) score(j job, samples []float32) ([]result.Score, error) {
	if j.problem != nil {
		return c.scorePosteriors(j.problem.posteriors(samples))
	}
	if c.reference == nil {
		return nil, nil
	}
	n := j.count()
	if c.floors[n] == nil {
		floor, err := c.reference.Floor(n)
		if err != nil {
			return nil, err
		}
		c.floors[n] = floor
	}
	return c.reference.Measure(samples)
}

// scorePosteriors scores the samples of a measurement, beside the best linear estimates if metrics.linear asks for them
// and the operator is linear.
func (c *judge) scorePosteriors(posteriors []metric.Posterior) ([]result.Score, error) {
	for i, p := range posteriors {
		if _, nonlinear := p.Operator.(inverse.Nonlinear); nonlinear || c.linear == nil {
			break
		}
		var err error
		if posteriors[i].Linear, err = c.linear.Estimate(p.Operator, p.Y, p.Eta); err != nil {
			return nil, fmt.Errorf("the linear estimator: %w", err)
		}
	}
	return metric.MeasurePosteriors(posteriors, c.prior, c.seed)
}
