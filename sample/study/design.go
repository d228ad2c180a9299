package study

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"

	"tweedie/experiments"
	"tweedie/nets/exact"
	"tweedie/sample/walk"
)

// A Design says what walks a plan proposes.
type Design struct {
	Steps int // of each; 0: as many as the walk has in whose place it is proposed
}

// A power law is reported as a poor model if eigenvalues are off by more than wellFitted, or if they fall faster than
// those of any power law of photographs.
const wellFitted, steepest = 2, 10

// A designer knows the Gaussian priors that walks are designed for, fitted, and compared by, fitted and own.
type designer struct {
	study
	law         walk.PowerLaw
	misfit      float64       // factor by which eigenvalues of the training images are off it
	fitted, own walk.Spectrum // the power law's, and that of the training images
	made        map[wanted]proposal
}

// newDesigner fits the power law to the training images.
func newDesigner(ctx context.Context, s study) (*designer, error) {
	if s.side() == 0 {
		return nil, misuse("%s has no [data]: a design needs the images that the denoiser was trained on", s.Origin)
	}
	fit, err := fitDenoiser(ctx, s, exactPrefix+"gaussian")
	if err != nil {
		return nil, err
	}
	g := fit.Denoiser.(*exact.Gaussian)
	eigenvalues := g.Eigenvalues()
	law, misfit, err := walk.FitPowerLaw(eigenvalues)
	if err != nil {
		return nil, err
	}
	square, variance := g.AlongMean()
	return &designer{
		study: s, law: law, misfit: misfit,
		fitted: walk.NewSpectrum(law.Eigenvalues(len(eigenvalues)), square, variance),
		own:    walk.NewSpectrum(eigenvalues, square, variance),
		made:   map[wanted]proposal{},
	}, nil
}

// propose designs a walk in the place of each job's, says what errors it expects of both, and writes the proposal as a
// table to paste into an experiment.
func (d *designer) propose(ctx context.Context, jobs []job, w io.Writer) error {
	fmt.Fprintf(w, "\ndesign: for Gaussian images whose covariance has the eigenvalues %.3g/(f^2 + %.3g^2)^(%.3g/2), "+
		"f in cycles per image.\n"+
		"Those of the training images of %s are off by a factor of %.2f (root mean square, each octave of f alike).\n",
		d.law.Scale, d.law.Corner, d.law.Exponent, d.Data.Path, d.misfit)
	if d.misfit > wellFitted || d.law.Exponent > steepest {
		fmt.Fprintln(w, "warning: the images are far from a power law: mind the column of their own spectrum")
	}
	fmt.Fprint(w, explanation)
	for _, j := range jobs {
		p, err := d.design(ctx, j)
		if err != nil {
			return fmt.Errorf("walk %s: %w", j.Name, err)
		}
		fmt.Fprintf(w, "\n%s:\n", j.Name)
		if err := d.compare(w, j.walk, p.walk); err != nil {
			return err
		}
		for _, text := range p.walk.Warnings(d.dataStd()) {
			fmt.Fprintf(w, "warning: the design: %s\n", text)
		}
		if j.walk.Likelihood != nil {
			fmt.Fprintln(w, "measurement: the design is of what A does not see, with tau at most eta^2")
		}
		if j.inSweep() && p.name != j.Name {
			fmt.Fprintf(w, "the design is that of %s\n", p.name)
			continue
		}
		fmt.Fprintf(w, "\n[[walk]]\n%s", proposed(j.Walk, p.walk).Encode())
	}
	return nil
}

// explanation is that of the columns of compare.
const explanation = `samples: 2-Wasserstein distance of a walk's samples to such images, if the denoiser is theirs.
own spectrum: the same for images of the training images' own covariance.
inputs: how far what the denoiser is given is from the noisy images that it was trained on.
The three are shares of the images' standard deviation. A design makes samples and inputs small together.
A network is not a Gaussian's denoiser: compare the scores of samples before you trust a design.
`

// wanted is all that a design depends on, beside the prior.
type wanted struct {
	steps          int
	highest, least float64 // sigma
	eta            float64 // of the measurement; 0 without
}

// A proposal is a walk, and the name of the first for which it was made.
type proposal struct {
	walk walk.Walk
	name string
}

// design returns the proposal in the place of a job's walk, the same one where the same is wanted.
func (d *designer) design(ctx context.Context, j job) (proposal, error) {
	w := j.walk
	want := wanted{cmp.Or(d.Design.Steps, len(w.Sigma)), slices.Max(w.Sigma), slices.Min(w.Sigma), 0}
	if w.Likelihood != nil {
		want.eta = w.Likelihood.Eta()
	}
	if p, ok := d.made[want]; ok {
		return p, nil
	}
	designed, err := interruptible(ctx, func() (walk.Walk, error) { return w.Design(d.fitted, want.steps) })
	if err != nil {
		return proposal{}, err
	}
	d.made[want] = proposal{designed, j.Name}
	return d.made[want], nil
}

// compare writes the expected errors of a walk and of the one that is proposed in its place.
func (d *designer) compare(w io.Writer, given, designed walk.Walk) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "\tsteps\tsamples\town spectrum\tinputs\tfurthest off: std\tof samples\t")
	for _, row := range []struct {
		name string
		walk.Walk
	}{{"as it is", given}, {"designed", designed}} {
		fitted, own := row.Error(d.fitted), row.Error(d.own)
		fmt.Fprintf(table, "%s\t%d\t%.3g\t%.3g\t%.3g\t%.3g\t%.3g\t\n", row.name, len(row.Sigma), fitted.Samples,
			own.Samples, fitted.Inputs, fitted.Worst.Prior, fitted.Worst.Samples)
	}
	return table.Flush()
}

// proposed returns the table of a walk with the lists of a designed one, under another name.
func proposed(table experiments.Walk, designed walk.Walk) experiments.Walk {
	table.Name = fmt.Sprintf("%s-designed-%d", table.Name, len(designed.Sigma))
	table.Preset, table.Start, table.LastNoise = "", "sigma", false // as walk.Design has them
	table.Schedule = experiments.Schedule{Kind: "list", Levels: slices.Clone(designed.Sigma)}
	table.Step = experiments.Step{Kind: "list", Values: slices.Clone(designed.Tau)}
	table.Temperature = experiments.Temperature{Kind: "list", Values: slices.Clone(designed.Temperature)}
	return table
}
