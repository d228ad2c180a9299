package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"tweedie/data/random"

	"tweedie/data"
	"tweedie/experiments"
	"tweedie/nets"
	"tweedie/nets/model"
	"tweedie/nets/optim"
	"tweedie/train/objective"
)

// A training is a run in progress.
type training struct {
	*experiments.Experiment
	folder experiments.Run

	set, held *data.Set // held is nil if nothing is held out
	loader    *data.Loader
	objective objective.Objective
	batch     *objective.Batch

	model, average *model.Model  // average is the moving average of model
	averaged       nets.Denoiser // by average
	trainer        *model.Trainer
	adam           *optim.Adam
	sums           *optim.Accumulator

	step   int // done so far
	saved  int // step of the newest checkpoint; -1 if there is none
	report *report
}

// train runs an experiment to its end, or until ctx is cancelled: then it saves and returns context.Canceled.
func train(ctx context.Context, e *experiments.Experiment, folder experiments.Run, resume bool, stderr io.Writer) (err error) {
	t, err := newTraining(e, folder, resume, stderr)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, t.close()) }()
	if err := t.loop(ctx); err != nil {
		return err
	}
	fmt.Fprintf(stderr, "trained %d steps; the last checkpoint is %s\n", t.step, t.checkpoint())
	return nil
}

// loop is the training loop. What it reports on the way may fail, on a full disk say, without ending it.
func (t *training) loop(ctx context.Context) error {
	for t.step < t.Train.Steps {
		if ctx.Err() != nil {
			return errors.Join(t.save(), context.Cause(ctx))
		}
		loss, err := t.update()
		if err != nil {
			return err
		}
		t.step++
		t.report.check(t.report.step(t.step, loss, t.adam.Rate, t.adam.GradientNorm))
		if t.held != nil && t.due(t.Train.ValidateEvery) {
			t.report.check(t.validate())
		}
		if t.due(t.Train.PreviewEvery) {
			t.report.check(t.preview())
		}
		if t.due(t.Train.CheckpointEvery) && t.step < t.Train.Steps {
			t.report.check(t.save())
		}
	}
	return t.save()
}

// due reports whether something done every n steps, and at the end, is done now.
func (t *training) due(n int) bool { return n > 0 && (t.step%n == 0 || t.step == t.Train.Steps) }

// update takes one step of the optimizer and returns its loss.
func (t *training) update() (loss float64, err error) {
	batches := t.Train.Accumulate
	for i := range batches {
		images, err := t.loader.Next()
		if err != nil {
			return 0, err
		}
		noise := random.Stream(t.Seed, random.TrainingNoise, uint64(t.step*batches+i))
		t.objective.Draw(t.batch, images, noise)
		l, err := t.trainer.Run(t.batch.X, t.batch.C, t.batch.Target, t.batch.Weight)
		if err != nil {
			return 0, err
		}
		loss += l / float64(batches)
		if batches > 1 {
			if err := t.sums.Add(t.trainer.ParameterGradients()); err != nil {
				return 0, err
			}
		}
	}
	if math.IsNaN(loss) || math.IsInf(loss, 0) {
		return 0, t.diverged(fmt.Errorf("the loss is %v", loss))
	}
	gradients := t.trainer.ParameterGradients()
	if batches > 1 {
		gradients = t.sums.Mean()
	}
	t.adam.Rate = t.rate()
	if err := t.adam.Step(gradients); err != nil {
		return 0, t.diverged(err)
	}
	return loss, nil
}

// diverged says what to do about values that are not finite. The weights are those of the step before.
func (t *training) diverged(err error) error {
	return fmt.Errorf("step %d: %w: try a lower train.rate (it is %g), more train.warmup, or train.clip; the last good checkpoint is %s",
		t.step+1, err, t.Train.Rate, t.checkpoint())
}

// rate is the learning rate of the step to come: a linear rise, then the decay.
func (t *training) rate() float64 {
	if t.step < t.Train.Warmup {
		return t.Train.Rate * float64(t.step+1) / float64(t.Train.Warmup)
	}
	if t.Train.Decay == "cosine" {
		done := float64(t.step-t.Train.Warmup) / float64(t.Train.Steps-t.Train.Warmup)
		return t.Train.Rate * (1 + math.Cos(math.Pi*done)) / 2
	}
	return t.Train.Rate
}

func newTraining(e *experiments.Experiment, folder experiments.Run, resume bool, stderr io.Writer) (*training, error) {
	t := &training{Experiment: e, folder: folder, objective: e.Train.Objective(), saved: -1}
	var err error
	if t.set, t.held, err = e.Data.Open(); err != nil {
		return nil, err
	}
	t.model = model.New(e.Architecture(), random.Stream(e.Seed, random.Initialization, 0))
	t.average = t.model.WithParameters(t.model.Parameters.Clone())
	t.adam = optim.NewAdam(t.model.Parameters, t.average.Parameters)
	t.adam.Beta1, t.adam.Beta2 = e.Train.Betas[0], e.Train.Betas[1]
	t.adam.Clip, t.adam.EMADecay = e.Train.Clip, e.Train.EMA
	if e.Train.Accumulate > 1 {
		t.sums = optim.NewAccumulator(t.model.Parameters)
	}
	if resume {
		if err := t.restore(); err != nil {
			return nil, err
		}
		if t.step >= e.Train.Steps {
			return nil, fmt.Errorf("%s has all its %d steps: give -steps a larger number to train on", folder, t.step)
		}
	}
	t.averaged = nets.NewDenoiser(t.average.Network(), t.objective.Parameterization, t.pixels())
	t.batch = objective.NewBatch(e.Train.Batch, t.pixels())
	t.trainer = t.model.Trainer(e.Train.Batch)
	if err := os.MkdirAll(string(folder), 0o755); err != nil {
		return nil, err
	}
	if err := t.writeExperiment(); err != nil {
		return nil, err
	}
	if t.report, err = newReport(t, stderr); err != nil {
		return nil, err
	}
	t.loader = data.NewLoader(t.set, data.LoaderOptions{
		Batch: e.Train.Batch, Seed: e.Seed, First: t.step * e.Train.Accumulate, Flip: e.Data.Flip})
	return t, nil
}

// pixels is the number of values of an image.
func (t *training) pixels() int {
	channels, height, width := t.set.Shape()
	return channels * height * width
}

func (t *training) close() error {
	t.loader.Close()
	return errors.Join(t.report.close(), t.set.Close())
}
