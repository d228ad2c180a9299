// Command exactness measures how near trained networks come to the MMSE denoiser: it trains them on images from known
// distributions, whose MMSE denoiser is known in closed form, and writes a report.
//
// It must not know how a network is trained or how a walk steps: packages trainer and walk do.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"tweedie/data"
	"tweedie/experiments/runs"
	"tweedie/scripts/command"
)

const usage = `usage: go run ./scripts/exactness [flags]

Trains networks on 100, 1000, 10000 and endless images of known distributions, compares them with the exact MMSE
denoisers, and writes runs/exactness/report.html. Networks that are trained are kept: run it again to continue.

`

func main() {
	quick := false
	command.Command{
		Name: "exactness", Usage: usage,
		Flags: func(f *flag.FlagSet) {
			f.BoolVar(&quick, "quick", false, "short trainings, in runs/exactness-quick: about 2 minutes")
		},
		Do: func(ctx context.Context, stdout, stderr io.Writer) error {
			if quick {
				return short().run(ctx, stdout, stderr)
			}
			return whole().run(ctx, stdout, stderr)
		},
	}.Main()
}

// whole is the experiment.
func whole() experiment {
	return experiment{
		folder: filepath.Join(runs.Root, "exactness"), command: "go run ./scripts/exactness",
		counts: []int{100, 1000, 10000, data.Endless}, pairs: []int{10, 100, 1000, 10000},
		weights: "ema", test: 2000, samples: 128,
	}
}

// short is the same with fewer networks and less training. After so few steps, the moving average of the weights still
// remembers the first.
func short() experiment {
	return experiment{
		folder: filepath.Join(runs.Root, "exactness-quick"), command: "go run ./scripts/exactness -quick",
		counts: []int{100, 1000, data.Endless}, pairs: []int{10, 1000},
		steps: 500, weights: "parameters", test: 500, samples: 64,
	}
}

// An experiment is what is trained and measured.
type experiment struct {
	folder, command string
	counts          []int  // training images of the networks whose excess is measured, for each prior
	pairs           []int  // training images of each of two networks whose samples are compared
	steps           int    // of each training; 0: the recipe's
	weights         string // "ema", the moving average of the weights, or "parameters", the last
	test            int    // images on which denoisers are measured
	samples         int    // of each network that are compared
}

// run trains, measures and reports.
func (x experiment) run(ctx context.Context, stdout, stderr io.Writer) error {
	start := time.Now()
	all, err := priors(ctx)
	if err != nil {
		return err
	}
	paired := all[1]
	if err := x.trainAll(ctx, x.networks(all, paired), stderr); err != nil {
		return err
	}
	var f findings
	for _, p := range all {
		s, err := x.study(ctx, p)
		if err != nil {
			return err
		}
		f.studies = append(f.studies, s)
	}
	f.paired = paired
	if err := x.compare(ctx, &f); err != nil {
		return err
	}
	page, err := x.publish(f)
	if err != nil {
		return err
	}
	fmt.Fprint(stdout, f.text())
	fmt.Fprintf(stderr, "wrote %s after %v\n", page, time.Since(start).Round(time.Second))
	return nil
}

// networks lists all networks, each once.
func (x experiment) networks(all []prior, paired prior) (list []network) {
	known := map[string]bool{}
	add := func(n network) {
		if !known[n.name()] {
			known[n.name()] = true
			list = append(list, n)
		}
	}
	for _, p := range all {
		for _, count := range x.countsOf(p) {
			add(network{prior: p, n: count})
		}
	}
	for _, count := range x.pairs {
		add(network{prior: paired, n: count})
		add(network{prior: paired, n: count, second: true})
	}
	return list
}

// countsOf returns the numbers of training images of a prior's networks.
func (x experiment) countsOf(p prior) []int {
	if p.counts != nil {
		return p.counts
	}
	return x.counts
}

// study opens the networks of a prior and measures their excess.
func (x experiment) study(ctx context.Context, p prior) (*study, error) {
	s, err := newStudy(p, x.test)
	if err != nil {
		return nil, err
	}
	for _, count := range x.countsOf(p) {
		n := network{prior: p, n: count}
		d, err := x.train(ctx, n, io.Discard)
		if err != nil {
			return nil, err
		}
		if err := s.add(n, d); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// compare opens pairs of networks and compares their samples.
func (x experiment) compare(ctx context.Context, f *findings) (err error) {
	if f.exactSamples, err = samples(f.paired, x.samples); err != nil {
		return err
	}
	for _, count := range x.pairs {
		a, b := network{prior: f.paired, n: count}, network{prior: f.paired, n: count, second: true}
		first, err := x.train(ctx, a, io.Discard)
		if err != nil {
			return err
		}
		second, err := x.train(ctx, b, io.Discard)
		if err != nil {
			return err
		}
		m, err := memorize(a, b, first, second, f.exactSamples)
		if err != nil {
			return err
		}
		f.memorizations = append(f.memorizations, m)
	}
	return nil
}
