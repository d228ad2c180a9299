package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"text/tabwriter"
	"time"
)

// plannedRows is the number of steps that a plan shows, evenly spaced, the first and the last among them.
const plannedRows = 9

// plan prints what can be said of each walk before it is walked, and how long it will take.
func (s selection) plan(ctx context.Context, stdout, stderr io.Writer) error {
	jobs, err := s.jobs(ctx, stderr)
	if err != nil {
		return err
	}
	std := s.dataStd()
	fmt.Fprintf(stdout, "rms, noise: predicted after the step, for pixels N(0, s^2) with s = %g (train.data_std, 0.5 without), and where images do not vary.\n"+
		"tau/V, V = s^2 + sigma^2, is the part of the way to their mean that a step goes.\n", std)
	for _, j := range jobs {
		p := j.walk.Plan(std)
		K := len(p.Steps)
		calls := K * ((j.count() + batch - 1) / batch)
		fmt.Fprintf(stdout, "\n%s: %s, %d steps, %d network calls on %d images or fewer\n", j.Name, j.what(), K, calls, batch)
		table := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
		fmt.Fprintln(table, "k\tsigma\ttau\tT\ttau/V\trms\tnoise\t")
		for _, k := range spread(min(plannedRows, K), 0, K-1) {
			c := p.Steps[k]
			fmt.Fprintf(table, "%d\t%.4g\t%.4g\t%.3g\t%.3g\t%.3g\t%.2g\t\n", k, c.Sigma, c.Tau, c.Temperature, c.Relative, c.RMS, c.Noise)
		}
		if err := table.Flush(); err != nil {
			return err
		}
		_, variance := j.walk.Moments(0, 1)
		fmt.Fprintf(stdout, "final mean square: %.4g for images of unit variance, where 1 is right\n", variance[K])
		j.bound(stdout)
		for _, w := range p.Warnings {
			fmt.Fprintf(stdout, "warning: %s\n", w)
		}
		if err := j.estimate(stdout); err != nil {
			return fmt.Errorf("walk %s: %w", j.Name, err)
		}
	}
	return nil
}

// bound prints what a measurement does to the steps, and tells its noise from the walk's.
func (j job) bound(stdout io.Writer) {
	if j.walk.Likelihood == nil {
		return
	}
	eta, bounded := j.walk.Likelihood.Eta(), 0
	for k, tau := range j.walk.Tau {
		if j.walk.At(k).Tau < tau {
			bounded++
		}
	}
	fmt.Fprintf(stdout, "measurement: the noise of y, eta = %.4g, bounds tau by eta^2 = %.4g, in %d of %d steps; the noise that is denoised, sigma, ends at %.4g\n"+
		"rms and noise leave the measurement out: they are of what A does not see\n", eta, eta*eta, bounded, len(j.walk.Tau), j.walk.Sigma[len(j.walk.Sigma)-1])
}

// estimate prints how long the walk will take, from one step's calls of the denoiser and the likelihood, after others that prepare them.
func (j job) estimate(stdout io.Writer) error {
	if j.denoiser == nil {
		fmt.Fprintln(stdout, "time: not known before a network is trained")
		return nil
	}
	images := min(batch, j.count())
	x, dst := make([]float32, images*j.denoiser.pixels()), make([]float32, images*j.denoiser.pixels())
	var step time.Duration
	for range 2 {
		start := time.Now()
		if err := j.denoiser.Denoise(dst, x, j.walk.Sigma[len(j.walk.Sigma)/2]); err != nil {
			return err
		}
		if j.measured != nil {
			if err := j.measured.likelihoods(0, images).Gradient(dst, x); err != nil {
				return err
			}
		}
		step = time.Since(start)
	}
	total := time.Duration(float64(step) * float64(j.calls()) / float64(images))
	fmt.Fprintf(stdout, "time: about %v; a step of %d images takes %v\n", total.Round(time.Second/10), images, step.Round(time.Millisecond/10))
	return nil
}

// spread returns n whole numbers from first to last, both among them, evenly spaced; one is the last.
func spread(n, first, last int) []int {
	at := []int{last}
	if n > 1 {
		at = at[:0]
		for i := range n {
			at = append(at, first+int(math.Round(float64(i*(last-first))/float64(n-1))))
		}
	}
	return at
}
