// Package pretrained turns a checkpoint into a denoiser: it knows every architecture by name, and settles the
// parameterization once, so that whoever samples sees only nets.Denoiser.
package pretrained

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"

	"tweedie/nets"
	"tweedie/nets/checkpoint"
	"tweedie/nets/layer"
	"tweedie/nets/model"
	"tweedie/nets/unet"
)

// A Denoiser is a trained network, ready to use, with the shape of its images and the checkpoint's metadata.
type Denoiser struct {
	nets.Denoiser
	Channels, Height, Width int
	Meta                    checkpoint.Meta
}

// Pixels returns the number of values of one image.
func (d *Denoiser) Pixels() int { return d.Channels * d.Height * d.Width }

// Open reads a checkpoint and returns the denoiser of its raw weights, set "parameters", or of their moving average, "ema".
func Open(path, set string) (*Denoiser, error) {
	c, err := checkpoint.Read(path)
	if err != nil {
		return nil, err
	}
	d, err := New(c, set)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return d, nil
}

// New is Open of a checkpoint already read.
func New(c *checkpoint.Checkpoint, set string) (*Denoiser, error) {
	m, err := Model(c, set)
	if err != nil {
		return nil, err
	}
	p := nets.Parameterization{Kind: nets.Kind(c.Meta.Parameterization), DataStd: c.Meta.DataStd}
	if err := p.Validate(); err != nil {
		return nil, err
	}
	channels, height, width := m.Shape()
	if c.Meta.Channels != channels || c.Meta.Height != height || c.Meta.Width != width {
		return nil, fmt.Errorf("images are %d x %d x %d by its metadata, %d x %d x %d by its network's configuration",
			c.Meta.Channels, c.Meta.Height, c.Meta.Width, channels, height, width)
	}
	return &Denoiser{nets.NewDenoiser(m.Network(), p, channels*height*width), channels, height, width, c.Meta}, nil
}

// Model returns the network of a checkpoint with a set of its weights. It is an error for them to belong to another network than
// the metadata says.
func Model(c *checkpoint.Checkpoint, set string) (*model.Model, error) {
	a, err := architecture(c.Meta.Network, c.Meta.Config)
	if err != nil {
		return nil, err
	}
	m := model.New(a, rand.New(rand.NewPCG(0, 0)))
	if err := Restore(m.Parameters, c, set); err != nil {
		return nil, err
	}
	return m, nil
}

// Restore copies a set of a checkpoint's weights into parameters. It is an error, and changes nothing, if names or shapes differ.
func Restore(p *layer.Parameters, c *checkpoint.Checkpoint, set string) error {
	if err := c.Match(set, p.Shapes()); err != nil {
		return err
	}
	from, err := c.Set(set)
	if err != nil {
		return err
	}
	for _, q := range p.All() {
		copy(q.Data(), from[q.Name].Data)
	}
	p.Changed()
	return nil
}

func architecture(kind string, config json.RawMessage) (model.Architecture, error) {
	if kind != unet.Name {
		return nil, fmt.Errorf("network %q is unknown, want %q", kind, unet.Name)
	}
	var c unet.Config
	if err := decodeStrictly(config, &c); err != nil {
		return nil, fmt.Errorf("configuration of the %s: %w", kind, err)
	}
	if err := c.Validate(); err != nil {
		return nil, fmt.Errorf("configuration of the %s: %w", kind, err)
	}
	return c, nil
}

// decodeStrictly decodes a JSON object, where an unknown key is an error.
func decodeStrictly(text json.RawMessage, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	return d.Decode(into)
}
