// Package pretrained turns a checkpoint into a denoiser: it knows every architecture by name, and settles the
// parameterization once, so that whoever samples sees only nets.Denoiser.
package pretrained

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"tweedie/nets"
	"tweedie/nets/adm"
	"tweedie/nets/checkpoint"
	"tweedie/nets/layer"
	"tweedie/nets/model"
	"tweedie/nets/ncsnpp"
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

// Open reads a file of weights, this program's or another's (see Import), and returns the denoiser of its raw weights, set "parameters", or
// of their moving average, "ema", for which a file of another program that has none gives what it has. It says in a few words what a
// file of another program is.
func Open(path, set string, assume Assume) (d *Denoiser, description string, err error) {
	own, err := checkpoint.IsCheckpoint(path)
	if err != nil {
		return nil, "", err
	}
	if !own {
		if assume.Weights = set; set == "ema" {
			assume.Weights = ""
		}
		_, d, description, err = load(path, assume)
		return d, description, err
	}
	c, err := checkpoint.Read(path)
	if err != nil {
		return nil, "", err
	}
	if d, err = New(c, set); err != nil {
		return nil, "", fmt.Errorf("%s: %w", path, err)
	}
	return d, "", nil
}

// New returns the denoiser of a set of a checkpoint's weights, "parameters" or "ema", for images in [-1, 1] whatever the network's are.
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
	d := nets.InRange(nets.NewDenoiser(m.Network(), p, channels*height*width), c.Meta.Range[0], c.Meta.Range[1])
	return &Denoiser{d, channels, height, width, c.Meta}, nil
}

// Model returns the network of a checkpoint with a set of its weights. It is an error for them to belong to another network than
// the metadata says.
func Model(c *checkpoint.Checkpoint, set string) (*model.Model, error) {
	a, err := architecture(c.Meta.Network, c.Meta.Config)
	if err != nil {
		return nil, err
	}
	m, err := model.Build(a)
	if err != nil {
		return nil, err
	}
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
	values := make(map[string][]float32, len(from))
	for name, t := range from {
		values[name] = t.Data
	}
	return p.Fill(values)
}

// architectures are the networks by their names in checkpoints.
var architectures = map[string]func(config json.RawMessage) (model.Architecture, error){
	unet.Name:   decodeConfig[unet.Config],
	adm.Name:    decodeConfig[adm.Config],
	ncsnpp.Name: decodeConfig[ncsnpp.Config],
}

func architecture(kind string, config json.RawMessage) (model.Architecture, error) {
	decode, ok := architectures[kind]
	if !ok {
		return nil, fmt.Errorf("network %q is unknown, want one of %q", kind, slices.Sorted(maps.Keys(architectures)))
	}
	a, err := decode(config)
	if err != nil {
		return nil, fmt.Errorf("configuration of the %s: %w", kind, err)
	}
	return a, nil
}

func decodeConfig[C interface {
	model.Architecture
	Validate() error
}](config json.RawMessage) (model.Architecture, error) {
	var c C
	if err := decodeStrictly(config, &c); err != nil {
		return nil, err
	}
	return c, c.Validate()
}

// decodeStrictly decodes a JSON object, where an unknown key is an error.
func decodeStrictly(text json.RawMessage, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	return d.Decode(into)
}
