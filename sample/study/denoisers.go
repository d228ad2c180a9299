package study

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"tweedie/experiments"
	"tweedie/experiments/runs"
	"tweedie/nets"
	"tweedie/nets/checkpoint"
	"tweedie/nets/pretrained"
	"tweedie/sample/figure"
	"tweedie/sample/inverse"
)

// A denoiser is ready to use and knows the shape of its images.
type denoiser struct {
	nets.Denoiser
	shape inverse.Shape
}

// Pullback implements nets.Differentiable.
func (d denoiser) Pullback(dst, x, v []float32, sigma float64) error {
	return nets.Pullback(d.Denoiser, dst, x, v, sigma)
}

// imagesOf returns values as images of a shape.
func imagesOf(shape inverse.Shape, values []float32) figure.Images {
	return figure.Images{Pixels: values, N: len(values) / shape.Len(),
		Channels: shape.Channels, Height: shape.Height, Width: shape.Width}
}

// An openedDenoiser is a denoiser and where it comes from.
type openedDenoiser struct {
	denoiser
	file string // or the name of a closed form
	hash string // SHA-256 of the file; "" for a closed form
}

// denoisers opens each denoiser once.
type denoisers struct {
	study
	files  map[string]string            // by checkpoint as walks name it
	opened map[[2]string]openedDenoiser // by file and weights
}

func newDenoisers(s study) *denoisers {
	return &denoisers{s, map[string]string{}, map[[2]string]openedDenoiser{}}
}

// missing returns an error if there is no such checkpoint yet.
func (d *denoisers) missing(name string) error {
	if name == "" {
		return errors.New("no checkpoint is named, and no network has been trained")
	}
	_, err := d.file(name)
	return err
}

// file returns the file of a checkpoint, the same one each time. For a run folder, it is the newest that is
// intact.
func (d *denoisers) file(name string) (string, error) {
	if isExact(name) {
		return name, nil
	}
	if d.files[name] == "" {
		file, damaged, err := runs.Checkpoint(name)
		if err != nil {
			return "", err
		}
		for _, reason := range damaged {
			d.Observer.Tell(Warning, fmt.Sprintf("%v; %s takes its place", reason, file))
		}
		d.files[name] = file
	}
	return d.files[name], nil
}

// attempts is how often a run's newest checkpoint is looked up, if a training beside the walks removes it before it is
// read.
const attempts = 5

// open returns the denoiser of a checkpoint's weights, "ema" or "raw". Its images must be those of the experiment.
func (d *denoisers) open(
	ctx context.Context, name, weights string, assume *experiments.Assume,
) (o openedDenoiser, err error) {
	if isExact(name) {
		weights = "" // it has none
	}
	for range attempts {
		file, err := d.file(name)
		if err != nil {
			return o, err
		}
		at := [2]string{file, weights}
		if o, ok := d.opened[at]; ok {
			return o, nil
		}
		o, err = d.read(ctx, file, weights, assume)
		if err == nil {
			d.opened[at] = o
			return o, nil
		}
		if file == name || !errors.Is(err, fs.ErrNotExist) {
			return o, err
		}
		delete(d.files, name) // pruned since it was looked up
	}
	return o, err
}

func (d *denoisers) read(
	ctx context.Context, file, weights string, assume *experiments.Assume,
) (o openedDenoiser, err error) {
	o.file = file
	if isExact(file) {
		o.denoiser, err = fitDenoiser(ctx, d.study, file)
		return o, err
	}
	if o.hash, err = checkpoint.Hash(file); err != nil {
		return o, err
	}
	o.denoiser, err = openNetwork(d.study, file, weights, assume)
	return o, err
}

// openNetwork returns the denoiser of a file's weights.
func openNetwork(s study, file, weights string, assume *experiments.Assume) (d denoiser, err error) {
	set := weights
	if weights == "raw" {
		set = "parameters"
	}
	a := assume.Pretrained()
	if a.Size == 0 {
		a.Size = s.side()
	}
	network, description, err := pretrained.Open(file, set, a)
	if err != nil {
		return d, err
	}
	if description != "" {
		s.Observer.Tell(Info, fmt.Sprintf("%s: %s", file, description))
	}
	side, channels := s.side(), s.Data.Channels
	if side == 0 { // there is no [data]
		side, channels = network.Width, network.Channels
	}
	if network.Width != side || network.Height != side || network.Channels != channels {
		return d, misuse("%s is for images of %d x %d with channels = %d, "+
			"but [data] of %s says %d x %d with channels = %d: they must agree",
			file, network.Width, network.Height, network.Channels, s.Origin, side, side, channels)
	}
	shape := inverse.Shape{Channels: network.Channels, Height: network.Height, Width: network.Width}
	return denoiser{network.Denoiser, shape}, nil
}
