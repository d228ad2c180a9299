package main

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"

	"tweedie/data"
	"tweedie/experiments"
	"tweedie/experiments/runs"
	"tweedie/nets/pretrained"
	"tweedie/train/trainer"
)

// Seeds. The streams of one seed are those of the purposes in package random.
const (
	trainingSeed = 1 // images and batches of the networks
	testSeed     = 2 // images and noise on which denoisers are measured
	modesSeed    = 3 // modes of the mixture
	walkSeed     = 4 // noise of the walks
)

//go:embed network.toml
var recipe []byte

// A network is one that is trained on n images of a prior.
type network struct {
	prior
	n      int  // data.Endless: every image is new
	second bool // on the images n to 2n-1, instead of 0 to n-1, and with another seed
}

// count writes the number of images.
func (n network) count() string {
	if n.n == data.Endless {
		return endless
	}
	return strconv.Itoa(n.n)
}

// name is the name of the network's run folder.
func (n network) name() string {
	name := n.prior.name + "-" + n.count()
	if n.second {
		name += "-second"
	}
	return name
}

// images returns those that the network is trained on.
func (n network) images() data.Drawn {
	d := data.Drawn{Channels: 1, Height: side, Width: side, N: n.n, Seed: trainingSeed, Draw: n.Draw}
	if n.second {
		d.First = uint64(n.n)
	}
	return d
}

// experiment returns the settings of the training. If steps is 0, their number is the recipe's.
func (n network) experiment(steps int) (*experiments.Experiment, error) {
	e, err := experiments.Parse("network.toml", recipe)
	if err != nil {
		return nil, err
	}
	e.Name = n.name()
	e.Data.Path = fmt.Sprintf("%s images of the %s", n.count(), n.settings) // a name: the trainer is given the images
	e.Train.DataStd = n.std
	if n.adjust != nil {
		n.adjust(&e.Train)
	}
	if n.second {
		e.Seed++
	}
	if steps > 0 {
		e.Train.Steps = steps
	}
	return e, nil
}

// train trains the network, or goes on where its training was stopped, and returns its denoiser. A network that was
// trained with other settings is an error.
func (x experiment) train(ctx context.Context, n network, stderr io.Writer) (*pretrained.Denoiser, error) {
	e, err := n.experiment(x.steps)
	if err != nil {
		return nil, err
	}
	folder := runs.Folder(filepath.Join(x.folder, n.name()))
	options := trainer.Options{Folder: folder, Images: n.images(),
		Observer: trainer.Lines(&prefixed{n.name() + ": ", stderr})}
	if folder.Used() {
		if err := unchanged(folder, e); err != nil {
			return nil, err
		}
		if file := folder.Trained(e.Train.Steps); file != "" {
			fmt.Fprintf(stderr, "%s: trained before\n", folder)
			return x.open(file)
		}
		options.Resume = true
	}
	result, err := trainer.Run(ctx, e, options)
	if err != nil {
		return nil, fmt.Errorf("network %s: %w", n.name(), err)
	}
	return x.open(result.Checkpoint)
}

// trainAll trains networks, as many at once as there are cores: they are too small to use more than one each.
func (x experiment) trainAll(ctx context.Context, networks []network, stderr io.Writer) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	stderr = &shared{to: stderr}
	turns := make(chan struct{}, runtime.GOMAXPROCS(0))
	var running sync.WaitGroup
	for _, n := range networks {
		running.Go(func() {
			turns <- struct{}{}
			defer func() { <-turns }()
			if ctx.Err() != nil {
				return
			}
			if _, err := x.train(ctx, n, stderr); err != nil {
				cancel(err)
			}
		})
	}
	running.Wait()
	return context.Cause(ctx)
}

// shared writes for several goroutines.
type shared struct {
	sync.Mutex
	to io.Writer
}

func (s *shared) Write(line []byte) (int, error) {
	s.Lock()
	defer s.Unlock()
	return s.to.Write(line)
}

// prefixed puts a prefix before all that is written at once, which is a line.
type prefixed struct {
	prefix string
	to     io.Writer
}

func (p *prefixed) Write(line []byte) (int, error) {
	_, err := p.to.Write(append([]byte(p.prefix), line...))
	return len(line), err
}

// unchanged reports settings of a run folder that differ from e.
func unchanged(folder runs.Folder, e *experiments.Experiment) error {
	want, err := e.Encode()
	if err != nil {
		return err
	}
	got, err := os.ReadFile(folder.Experiment())
	if err != nil {
		return err
	}
	if !bytes.Equal(got, want) {
		return fmt.Errorf("%s was trained with other settings: remove it to train the network again", folder)
	}
	return nil
}

// open returns the denoiser of a checkpoint.
func (x experiment) open(path string) (*pretrained.Denoiser, error) {
	d, _, err := pretrained.Open(path, x.weights, pretrained.Assume{})
	return d, err
}
