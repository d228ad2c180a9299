package trainer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"

	"tweedie/data"
	"tweedie/data/random"
	"tweedie/experiments"
	"tweedie/experiments/runs"
	"tweedie/nets"
	"tweedie/nets/checkpoint"
	"tweedie/nets/model"
	"tweedie/nets/optim"
	"tweedie/train/objective"
)

// A training is a run in progress.
type training struct {
	*experiments.Experiment
	source []byte // of the experiment, as TOML
	run    *runs.Run

	set       data.Images // for training
	files     []*data.Set // opened by this run; empty if Options gave the images
	held      *data.Set   // held-out images; nil if nothing is held out
	loader    *data.Loader
	objective objective.Objective
	batch     *objective.Batch

	model, average *model.Model  // the network, and the same with the moving average of its weights
	averaged       nets.Denoiser // the denoiser of average
	trainer        *model.Trainer
	adam           *optim.Adam
	sums           *optim.Accumulator // of gradients, if a step has several batches
	extension      *extension         // of the learning rate; nil if the number of steps never changed

	step   int // steps done so far
	saved  int // step of the newest checkpoint; -1 if there is none
	report *report
}

// loop is the training loop. A measurement, preview or checkpoint that fails on the way, as on a full disk, does not
// end it.
func (t *training) loop(ctx context.Context) error {
	for t.step < t.Train.Steps {
		if ctx.Err() != nil {
			return t.interrupted(context.Cause(ctx))
		}
		loss, err := t.update()
		if err != nil {
			return err
		}
		t.step++
		t.report.stepDone(loss)
		if t.held != nil && t.due(t.Train.ValidateEvery) {
			t.report.check("held-out images", t.validate())
		}
		if t.due(t.Train.PreviewEvery) {
			t.report.check("preview", t.preview())
		}
		if t.due(t.Train.CheckpointEvery) && t.step < t.Train.Steps {
			t.report.check("checkpoint", t.save())
		}
	}
	return t.save()
}

// due reports whether something done every n steps, and after the last, is done now.
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
	t.adam.Rate = t.extension.rate(t.Train, t.step)
	if err := t.adam.Step(gradients); err != nil {
		return 0, t.diverged(err)
	}
	return loss, nil
}

// interrupted saves and returns the cause, unless saving fails.
func (t *training) interrupted(cause error) error {
	if err := t.save(); err != nil {
		return fmt.Errorf("interrupted after step %d, which could not be saved: %w; the last checkpoint is %s",
			t.step, err, t.newest())
	}
	return cause
}

// diverged saves the weights, which are still those of the last good step, and says what to do about values that are
// not finite.
func (t *training) diverged(cause error) error {
	lost := ""
	if err := t.write(); err != nil {
		lost = fmt.Sprintf("step %d could not be saved (%v); ", t.step, err)
	}
	return fmt.Errorf("step %d: %w: try a lower train.rate (it is %g), more train.warmup, or train.clip; "+
		"%sthe last good checkpoint is %s", t.step+1, cause, t.Train.Rate, lost, t.newest())
}

// newTraining returns a run that must be prepared, and closed in the end.
func newTraining(e *experiments.Experiment, o Options) *training {
	copied := *e
	if o.Resume {
		copied.Name = filepath.Base(filepath.Clean(string(o.Folder)))
	}
	t := &training{Experiment: &copied, objective: e.Train.Objective(), saved: -1}
	t.report = newReport(t, o.Observer)
	return t
}

// prepare makes everything ready for the first step. It writes to the run folder last, when all else has succeeded.
func (t *training) prepare(o Options) (err error) {
	if t.source, err = t.Encode(); err != nil {
		return err
	}
	var saved *checkpoint.Reader
	if o.Resume {
		if t.run, err = runs.Open(o.Folder); err != nil {
			return err
		}
		var path string
		if saved, path, err = t.openCheckpoint(); err != nil {
			return err
		}
		defer saved.Close()
		if err := t.resumeFrom(path, saved.Meta, o.DataMoved); err != nil {
			return err
		}
	}
	if err := t.openImages(o.Images); err != nil {
		return err
	}
	if err := t.build(); err != nil {
		return err
	}
	if o.Resume {
		if err := t.restore(saved); err != nil {
			return err
		}
	}
	if err := t.openFolder(o); err != nil {
		return err
	}
	t.loader = data.NewLoader(t.set, data.LoaderOptions{
		Batch: t.Train.Batch, Seed: t.Seed, First: t.step * t.Train.Accumulate, Flip: t.Data.Flip})
	t.report.start()
	return nil
}

// openImages opens those of the experiment, unless others are given.
func (t *training) openImages(given data.Images) error {
	if given != nil {
		channels, height, width := given.Shape()
		if c, h, w := t.Architecture().Shape(); c != channels || h != height || w != width {
			return fmt.Errorf("experiment %s: %v are %dx%d with %d channels, but [data] says %dx%d with %d",
				t.Name, given, height, width, channels, h, w, c)
		}
		t.set = given
		return nil
	}
	set, held, err := t.Data.Open()
	if err != nil {
		return err
	}
	t.set, t.held, t.files = set, held, []*data.Set{set}
	if held != nil {
		t.files = append(t.files, held)
	}
	return nil
}

// build makes the network and the optimizer.
func (t *training) build() (err error) {
	if t.model, err = model.New(t.Architecture(), random.Stream(t.Seed, random.Initialization, 0)); err != nil {
		return err
	}
	t.average = t.model.WithParameters(t.model.Parameters.Clone())
	t.adam = optim.NewAdam(t.model.Parameters, t.average.Parameters)
	t.adam.Beta1, t.adam.Beta2 = t.Train.Betas[0], t.Train.Betas[1]
	t.adam.Clip, t.adam.EMADecay = t.Train.Clip, t.Train.EMA
	if t.Train.Accumulate > 1 {
		t.sums = optim.NewAccumulator(t.model.Parameters)
	}
	t.averaged = nets.NewDenoiser(t.average.Network(), t.objective.Parameterization, t.pixels())
	t.batch = objective.NewBatch(t.Train.Batch, t.pixels())
	t.trainer, err = t.model.Trainer(t.Train.Batch)
	return err
}

// openFolder makes the run folder, or updates that of a resumed run, and opens the files that grow.
func (t *training) openFolder(o Options) (err error) {
	switch {
	case o.Resume:
		if err = t.setAsideDamaged(); err == nil {
			err = t.run.WriteExperiment(t.source)
		}
	case o.Folder != "":
		t.run, err = runs.CreateAt(o.Folder, t.source)
	default:
		t.run, err = runs.Create(cmp.Or(o.Name, t.Name), t.source)
	}
	if err != nil {
		return err
	}
	return t.report.open()
}

// close releases what prepare has opened so far.
func (t *training) close() (err error) {
	if t.loader != nil {
		t.loader.Close()
	}
	t.report.close()
	for _, set := range t.files {
		err = errors.Join(err, set.Close())
	}
	if t.run != nil {
		err = errors.Join(err, t.run.Close())
	}
	return err
}

// pixels is the number of values of an image.
func (t *training) pixels() int {
	channels, height, width := t.set.Shape()
	return channels * height * width
}
