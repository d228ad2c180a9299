package study

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"tweedie/experiments"
	"tweedie/sample/walk"
)

// plannedRows is the number of steps that a plan shows, evenly spaced, the first and the last among them.
const plannedRows = 9

// Plan predicts each walk before it is taken, and says how long it will take. It needs no network: without one, it
// predicts all but the time.
func Plan(ctx context.Context, e *experiments.Experiment, o Options, w io.Writer) error {
	s := newStudy(e, o)
	jobs, err := prepare(ctx, s, true)
	if err != nil {
		return err
	}
	if err := check(s, jobs); isMisuse(err) {
		return err
	} else if err != nil {
		s.Observer.Tell(Note, fmt.Sprintf("before the walks can run: %v", err))
	}
	std := s.dataStd()
	fmt.Fprintf(w, "rms, noise: predicted after the step, for pixels N(0, s^2) with s = %g "+
		"(train.data_std, 0.5 without), and where images do not vary.\n"+
		"tau/V, V = s^2 + sigma^2, is the part of the way to their mean that a step goes.\n", std)
	for _, j := range jobs {
		if err := j.plan(w, std); err != nil {
			return fmt.Errorf("walk %s: %w", j.Name, err)
		}
	}
	return nil
}

// plan writes a walk's plan, for images whose values have the standard deviation std.
func (j job) plan(w io.Writer, std float64) error {
	p := j.walk.Plan(std)
	K := len(p.Steps)
	calls := K * ((j.count() + batch - 1) / batch)
	fmt.Fprintf(w, "\n%s: %s, %d steps, %d network calls on %d images or fewer\n", j.Name, j.describe(), K, calls,
		batch)
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "k\tsigma\ttau\tT\ttau/V\trms\tnoise\t")
	for _, k := range evenly(min(plannedRows, K), 0, K-1) {
		c := p.Steps[k]
		fmt.Fprintf(table, "%d\t%.4g\t%.4g\t%.3g\t%.3g\t%.3g\t%.2g\t\n",
			k, c.Sigma, c.Tau, c.Temperature, c.Relative, c.RMS, c.Noise)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	_, variance := j.walk.Moments(0, 1)
	fmt.Fprintf(w, "final mean square: %.4g for images of unit variance, where 1 is right\n", variance[K])
	j.planMeasurement(w)
	for _, text := range p.Warnings {
		fmt.Fprintf(w, "warning: %s\n", text)
	}
	return j.planTime(w)
}

// planMeasurement says by how much a measurement shortens the steps.
func (j job) planMeasurement(w io.Writer) {
	if j.walk.Likelihood == nil {
		return
	}
	eta, bounded := j.walk.Likelihood.Eta(), 0
	if g := j.walk.Guidance; g != nil && g != (walk.Paper{}) {
		fmt.Fprintf(w, "measurement: followed by %v; the noise of y is eta = %.4g\n"+
			"rms and noise leave the measurement out\n", g, eta)
		return
	}
	for k, tau := range j.walk.Tau {
		if j.walk.At(k).Tau < tau {
			bounded++
		}
	}
	K := len(j.walk.Tau)
	fmt.Fprintf(w, "measurement: the noise of y, eta = %.4g, bounds tau by eta^2 = %.4g, in %d of %d steps; "+
		"the noise that is denoised, sigma, ends at %.4g\n"+
		"rms and noise leave the measurement out: they are of what A does not see\n",
		eta, eta*eta, bounded, K, j.walk.Sigma[K-1])
}

// planTime says how long the walk will take, from a step in its middle. The first step prepares the denoiser, so the
// second is timed.
func (j job) planTime(w io.Writer) error {
	if j.denoiser == nil {
		fmt.Fprintf(w, "time: not known before a network is trained; %v\n", j.missing)
		return nil
	}
	images, middle, two := min(batch, j.count()), len(j.walk.Sigma)/2, j.walk
	two.Sigma = walk.Constant(j.walk.Sigma[middle], 2)
	two.Tau, two.Temperature = walk.Constant(j.walk.Tau[middle], 2), walk.Constant(j.walk.Temperature[middle], 2)
	if j.problem != nil {
		two.Likelihood = j.problem.likelihoods(0, images)
	}
	var start time.Time
	for state, err := range two.Run(j.denoiser, j.denoiser.shape.Len(), 0, images) {
		if err != nil {
			return err
		}
		if state.K == 1 {
			start = time.Now()
		}
	}
	step := time.Since(start)
	total := time.Duration(float64(step) * float64(j.calls()) / float64(images))
	fmt.Fprintf(w, "time: about %v; a step of %d images takes %v\n",
		total.Round(time.Second/10), images, step.Round(time.Millisecond/10))
	return nil
}
