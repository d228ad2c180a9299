// Package trainer trains the network of an experiment: it draws batches, steps the optimizer, measures on held-out
// images, draws previews, and saves into a run folder all that is needed to go on as if it had never stopped.
//
// The package must not know flags, signals or terminals. It prints nothing and never exits: an Observer is told what
// happens.
package trainer

import (
	"context"
	"errors"
	"fmt"

	"tweedie/data"
	"tweedie/experiments"
	"tweedie/experiments/runs"
)

// Options are what a run needs beside its experiment. The zero value trains in silence into a new folder below runs.
type Options struct {
	Folder    runs.Folder // the run folder; "" makes a new one, runs/NAME or runs/NAME-2 and so on
	Name      string      // NAME of a new folder; "" is the experiment's
	Resume    bool        // go on from the newest checkpoint in Folder
	DataMoved bool        // when resuming, Data.Path is the new place of the same images
	Observer  Observer    // nil: nobody is told

	// Images, if not nil, take the place of those that the experiment's Data names, such as data.Drawn images of a
	// known distribution. Data must have their shape. Nothing is held out, and Data.Path is only a name: it must be
	// the same when the run is resumed, with the same Images.
	Images data.Images
}

// A Result names what a run has written. After an error it may be incomplete.
type Result struct {
	Folder     runs.Folder
	Checkpoint string // path of the newest checkpoint; "" if there is none
	Steps      int    // done, including those of earlier processes
}

// Run trains the network of e until it has done e.Train.Steps steps. When ctx is cancelled it saves and returns the
// reason, context.Canceled; any other error means that it could not go on or could not save.
//
// A run that is resumed gives the same bits as one that never stopped. Its seed, data, network and objective must be
// those of the checkpoint. All else may change between processes, the optimizer's settings with a warning. If only
// Train.Steps has changed, the learning rate does not jump: within the first tenth of the steps left, it goes linearly
// from the rate reached to the rate of a run that had been planned for the new number of steps. If the newest
// checkpoint is damaged, a warning says so and the run goes on from the one before.
func Run(ctx context.Context, e *experiments.Experiment, o Options) (Result, error) {
	if !e.Trains() {
		return Result{}, fmt.Errorf("experiment %s has no [net] and [train]: it only samples", e.Name)
	}
	t := newTraining(e, o)
	err := t.prepare(o)
	if err == nil {
		err = t.loop(ctx)
	}
	err = errors.Join(err, t.close())
	return t.result(), err
}

// result returns what the run has written so far.
func (t *training) result() Result {
	r := Result{Checkpoint: t.checkpoint(), Steps: t.step}
	if t.run != nil {
		r.Folder = t.run.Folder
	}
	return r
}
