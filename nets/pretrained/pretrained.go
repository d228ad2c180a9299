// Package pretrained turns a file of trained weights into a denoiser. It settles the network and the parameterization
// once, so that whoever samples sees only nets.Denoiser.
//
// The package must not know any network: it asks package registry.
package pretrained

import (
	"fmt"

	"tweedie/nets"
	"tweedie/nets/checkpoint"
	"tweedie/nets/layer"
	"tweedie/nets/model"
	"tweedie/nets/registry"
)

// A Denoiser is a trained network that is ready to use, with the shape of its images and the checkpoint's metadata.
type Denoiser struct {
	nets.Denoiser
	Channels, Height, Width int
	Meta                    checkpoint.Meta
}

// Pixels returns the number of values of one image.
func (d *Denoiser) Pixels() int { return d.Channels * d.Height * d.Width }

// Pullback implements nets.Differentiable.
func (d *Denoiser) Pullback(dst, x, v []float32, sigma float64) error {
	return nets.Pullback(d.Denoiser, dst, x, v, sigma)
}

// Weights are sets of tensors by name: an open file (checkpoint.Reader) or a checkpoint in memory
// (checkpoint.Checkpoint).
type Weights interface {
	// Match returns an error unless the set has the tensors of the names and shapes that are wanted, and no others.
	Match(set string, want map[string][]int) error
	// ReadTensor stores the values of a set's tensor in dst.
	ReadTensor(dst []float32, set, name string) error
}

// Open returns the denoiser of the weights in a file, this program's or another's (see Import). The set is
// checkpoint.Raw or checkpoint.EMA. For EMA, a file of another program that has no moving average gives the weights it
// has. The description says in a few words what a file of another program is; it is "" for a checkpoint of this
// program.
//
// Of a checkpoint, only that set is read, and only after its names and shapes have been compared with those of the
// network that the metadata describe.
func Open(path, set string, assume Assume) (d *Denoiser, description string, err error) {
	isCheckpoint, err := checkpoint.IsCheckpoint(path)
	if err != nil {
		return nil, "", err
	}
	if !isCheckpoint {
		if assume.Weights = set; set == checkpoint.EMA {
			assume.Weights = ""
		}
		c, description, err := importWeights(path, assume)
		if err != nil {
			return nil, "", err
		}
		if d, err = New(c.Meta, c, checkpoint.Raw); err != nil {
			return nil, "", fmt.Errorf("%s: %w", path, err)
		}
		return d, description, nil
	}
	r, err := checkpoint.Open(path)
	if err != nil {
		return nil, "", err
	}
	defer r.Close()
	if d, err = New(r.Meta, r, set); err != nil {
		return nil, "", fmt.Errorf("%s: %w", path, err)
	}
	return d, "", nil
}

// New returns the denoiser of a set of weights that metadata describe. It is for images in [-1, 1], whatever range the
// network's own images have.
func New(meta checkpoint.Meta, weights Weights, set string) (*Denoiser, error) {
	m, err := outline(meta, weights, set)
	if err != nil {
		return nil, err
	}
	if err := load(m.Parameters, weights, set); err != nil {
		return nil, err
	}
	p := nets.Parameterization{Kind: nets.Kind(meta.Parameterization), DataStd: meta.DataStd}
	channels, height, width := m.Shape()
	d := nets.InRange(nets.NewDenoiser(m.Network(), p, channels*height*width), meta.Range[0], meta.Range[1])
	return &Denoiser{d, channels, height, width, meta}, nil
}

// outline builds the network that metadata describe, without memory for its parameters, and checks that the weights
// and the rest of the metadata belong to it.
func outline(meta checkpoint.Meta, weights Weights, set string) (*model.Model, error) {
	a, err := registry.Decode(meta.Network, meta.Config)
	if err != nil {
		return nil, err
	}
	m, err := model.Build(a)
	if err != nil {
		return nil, err
	}
	if err := weights.Match(set, m.Parameters.Shapes()); err != nil {
		return nil, err
	}
	p := nets.Parameterization{Kind: nets.Kind(meta.Parameterization), DataStd: meta.DataStd}
	if err := p.Validate(); err != nil {
		return nil, err
	}
	channels, height, width := m.Shape()
	if meta.Channels != channels || meta.Height != height || meta.Width != width {
		return nil, fmt.Errorf("images are %d x %d x %d by its metadata, %d x %d x %d by its network's configuration",
			meta.Channels, meta.Height, meta.Width, channels, height, width)
	}
	return m, nil
}

// Restore sets parameters to a set of weights. If their names or shapes differ, that is an error, and nothing changes.
func Restore(p *layer.Parameters, weights Weights, set string) error {
	if err := weights.Match(set, p.Shapes()); err != nil {
		return err
	}
	return load(p, weights, set)
}

func load(p *layer.Parameters, weights Weights, set string) error {
	return p.Load(func(name string, values []float32) error { return weights.ReadTensor(values, set, name) })
}
