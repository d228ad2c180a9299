package trainer

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"

	"tweedie/experiments"
	"tweedie/nets/checkpoint"
	"tweedie/nets/layer"
	"tweedie/nets/pretrained"
)

// checkpoint is the path of the newest checkpoint, or "".
func (t *training) checkpoint() string {
	if t.saved < 0 {
		return ""
	}
	return checkpoint.File(t.run.Checkpoints(), t.saved)
}

// newest is the path of the newest checkpoint, or "none yet", for messages.
func (t *training) newest() string {
	if t.saved < 0 {
		return "none yet"
	}
	return t.checkpoint()
}

// save writes a checkpoint of the step done last, from which training can go on as if it had never stopped, and removes
// old ones.
func (t *training) save() error {
	if t.isSaved() {
		return nil
	}
	if err := t.write(); err != nil {
		return err
	}
	t.report.check("removing old checkpoints", checkpoint.Prune(t.run.Checkpoints(), t.Train.Keep))
	return nil
}

// isSaved reports whether there is a checkpoint of the step done last.
func (t *training) isSaved() bool {
	if t.saved != t.step {
		return false
	}
	_, err := os.Stat(t.checkpoint())
	return err == nil
}

// write writes a checkpoint of the step done last.
func (t *training) write() error {
	if t.isSaved() {
		return nil
	}
	if err := t.finite(); err != nil {
		return err
	}
	if err := t.restoreFolder(); err != nil {
		return err
	}
	config, err := json.Marshal(t.model.Architecture)
	if err != nil {
		return err
	}
	extension := ""
	if t.extension != nil {
		b, err := json.Marshal(t.extension)
		if err != nil {
			return err
		}
		extension = string(b)
	}
	channels, height, width := t.model.Shape()
	c := &checkpoint.Checkpoint{
		Parameters: tensors(t.model.Parameters),
		EMA:        tensors(t.average.Parameters),
		Adam1:      tensors(t.adam.First),
		Adam2:      tensors(t.adam.Second),
		Meta: checkpoint.Meta{
			Network: t.model.Kind(), Config: config,
			Parameterization: t.Train.Parameterization, DataStd: t.Train.DataStd, Range: [2]float64{-1, 1},
			Channels: channels, Height: height, Width: width,
			Step: t.step, Seed: t.Seed, Experiment: string(t.source), Extension: extension,
		},
	}
	if err := checkpoint.Write(checkpoint.File(t.run.Checkpoints(), t.step), c); err != nil {
		return err
	}
	t.saved = t.step
	return nil
}

// restoreFolder makes the run's folder again if it was deleted.
func (t *training) restoreFolder() error {
	restored, err := t.run.Restore(t.source)
	if !restored {
		return err
	}
	t.report.observer.Warn(fmt.Sprintf("%s was deleted, or its experiment.toml; "+
		"it is made again with all that -resume needs", t.run.Folder))
	return errors.Join(err, t.report.reopen())
}

// sets are the four sets of tensors of a checkpoint.
func (t *training) sets() map[string]*layer.Parameters {
	return map[string]*layer.Parameters{
		"parameters": t.model.Parameters, "ema": t.average.Parameters, "adam.m": t.adam.First, "adam.v": t.adam.Second,
	}
}

// finite returns an error if a value to be saved is not finite.
func (t *training) finite() error {
	for set, p := range t.sets() {
		for _, q := range p.All() {
			for _, v := range q.Data() {
				if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
					return fmt.Errorf("%s of %s is %v", set, q.Name, v)
				}
			}
		}
	}
	return nil
}

// tensors returns the parameters by name.
func tensors(p *layer.Parameters) map[string]checkpoint.Tensor {
	named := map[string]checkpoint.Tensor{}
	for _, q := range p.All() {
		named[q.Name] = checkpoint.Tensor{Shape: q.Shape, Data: q.Data()}
	}
	return named
}

// openCheckpoint opens the newest checkpoint of the run that is not damaged. The caller must close it.
func (t *training) openCheckpoint() (c *checkpoint.Reader, path string, err error) {
	path, damaged, err := checkpoint.NewestUsable(t.run.Checkpoints())
	if err != nil {
		return nil, "", err
	}
	for _, reason := range damaged {
		t.report.observer.Warn(fmt.Sprintf("%v; training goes on from the one before, %s", reason, path))
	}
	c, err = checkpoint.Open(path)
	return c, path, err
}

// resumeFrom checks that training can go on from a checkpoint, and sets the steps done and the learning rate's
// extension by it.
func (t *training) resumeFrom(path string, meta checkpoint.Meta, dataMoved bool) error {
	step := meta.Step
	if path != checkpoint.File(t.run.Checkpoints(), step) {
		return fmt.Errorf("%s holds step %d, but its name says otherwise: it must be named %s, or be moved away",
			path, step, checkpoint.File(t.run.Checkpoints(), step))
	}
	saved, err := experiments.Parse(path, []byte(meta.Experiment))
	if err != nil {
		return fmt.Errorf("the experiment stored in %w", err)
	}
	changed, err := compare(saved, t.Experiment, dataMoved)
	if err != nil {
		return fmt.Errorf("cannot go on from %s: %w; change it back, or train anew into another folder", path, err)
	}
	for _, line := range changed {
		t.report.observer.Warn(line + "; training goes on with the new value")
	}
	if step >= t.Train.Steps {
		return fmt.Errorf("%s has all its %d steps: give -steps a larger number to train on", t.run.Folder, step)
	}
	if meta.Extension != "" {
		if err := json.Unmarshal([]byte(meta.Extension), &t.extension); err != nil {
			return fmt.Errorf(`%s: metadata "extension" is %q: %w`, path, meta.Extension, err)
		}
	}
	t.extension = extend(saved.Train, t.Train, t.extension, step)
	t.step, t.saved = step, step
	return nil
}

// restore sets parameters, averages and moments to those of a checkpoint.
func (t *training) restore(c *checkpoint.Reader) error {
	for set, p := range t.sets() {
		if err := pretrained.Restore(p, c, set); err != nil {
			return fmt.Errorf("%s: %w", t.checkpoint(), err)
		}
	}
	t.adam.Steps = t.step
	return nil
}

// setAsideDamaged renames the checkpoints of later steps than the one resumed from, which are damaged. Otherwise they
// would count as newer than the checkpoints that this run is going to write.
func (t *training) setAsideDamaged() error {
	for {
		newest, err := checkpoint.Newest(t.run.Checkpoints())
		if err != nil || newest == t.checkpoint() {
			return err
		}
		if err := os.Rename(newest, newest+".damaged"); err != nil {
			return err
		}
	}
}
