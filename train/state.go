package main

import (
	"encoding/json"
	"fmt"
	"os"

	"tweedie/nets/checkpoint"
	"tweedie/nets/layer"
	"tweedie/nets/pretrained"
)

// checkpoint is the path of the newest checkpoint, or says that there is none.
func (t *training) checkpoint() string {
	if t.saved < 0 {
		return "none yet"
	}
	return checkpoint.File(t.folder.Checkpoints(), t.saved)
}

// save writes a checkpoint of the step done last, from which training can go on as if it had never stopped.
func (t *training) save() error {
	if t.saved == t.step {
		return nil
	}
	config, err := json.Marshal(t.model.Architecture)
	if err != nil {
		return err
	}
	experiment, err := t.Encode()
	if err != nil {
		return err
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
			Step: t.step, Seed: t.Seed, Experiment: string(experiment),
		},
	}
	if err := checkpoint.Write(checkpoint.File(t.folder.Checkpoints(), t.step), c); err != nil {
		return err
	}
	t.saved = t.step
	return checkpoint.Prune(t.folder.Checkpoints(), t.Train.Keep)
}

// tensors returns the parameters by name.
func tensors(p *layer.Parameters) map[string]checkpoint.Tensor {
	named := map[string]checkpoint.Tensor{}
	for _, q := range p.All() {
		named[q.Name] = checkpoint.Tensor{Shape: q.Shape, Data: q.Data()}
	}
	return named
}

// restore reads the newest checkpoint of the run.
func (t *training) restore() error {
	path, err := checkpoint.Newest(t.folder.Checkpoints())
	if err != nil {
		return err
	}
	c, err := checkpoint.Read(path)
	if err != nil {
		return err
	}
	for set, p := range map[string]*layer.Parameters{
		"parameters": t.model.Parameters, "ema": t.average.Parameters, "adam.m": t.adam.First, "adam.v": t.adam.Second,
	} {
		if err := pretrained.Restore(p, c, set); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	if c.Meta.Seed != t.Seed {
		return fmt.Errorf("%s has seed %d, %s has %d", path, c.Meta.Seed, t.folder.Experiment(), t.Seed)
	}
	t.step, t.saved, t.adam.Steps = c.Meta.Step, c.Meta.Step, c.Meta.Step
	return nil
}

// writeExperiment saves the experiment with every default filled in.
func (t *training) writeExperiment() error {
	source, err := t.Encode()
	if err != nil {
		return err
	}
	return os.WriteFile(t.folder.Experiment(), source, 0o644)
}
