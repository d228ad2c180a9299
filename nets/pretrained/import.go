package pretrained

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"

	"tweedie/nets/checkpoint"
	"tweedie/nets/registry"
)

// Assume holds what files of other programs may leave unsaid.
type Assume = registry.Assume

// Import reads one set of weights in a file, this program's or another's, as a checkpoint that samples without any
// other file, and says in a few words what the file is. The network's configuration comes from the names and shapes of
// the tensors, and from Assume.
//
// Errors, of one line, name the file. It is an error if the tensors are not those of a network known here, or if the
// file leaves open something that Assume does not settle.
func Import(path string, assume Assume) (c *checkpoint.Checkpoint, description string, err error) {
	c, description, err = importWeights(path, assume)
	if errors.Is(err, checkpoint.ErrCheckpoint) {
		return importCheckpoint(path, assume)
	}
	return c, description, err
}

// importWeights reads a file of another program.
func importWeights(path string, assume Assume) (c *checkpoint.Checkpoint, description string, err error) {
	tensors, description, err := checkpoint.ReadWeights(path, assume.Weights)
	if err != nil {
		return nil, "", err
	}
	n, err := registry.Import(&registry.File{Assume: assume, Path: path, Tensors: tensors})
	if err != nil {
		return nil, "", fmt.Errorf("%s, %s: %w", path, description, err)
	}
	config, err := json.Marshal(n.Architecture)
	if err != nil {
		return nil, "", err
	}
	channels, height, width := n.Architecture.Shape()
	c = &checkpoint.Checkpoint{Parameters: n.Tensors, Meta: checkpoint.Meta{
		Version: checkpoint.Version, Network: n.Architecture.Kind(), Config: config,
		Parameterization: string(n.Output.Kind), DataStd: n.Output.DataStd,
		Range: [2]float64{n.Low, n.High}, Channels: channels, Height: height, Width: width,
	}}
	if _, err := outline(c.Meta, c, checkpoint.Raw); err != nil {
		return nil, "", fmt.Errorf("%s, %s: %s: %w", path, description, n.Format, err)
	}
	return c, fmt.Sprintf("%s, %s", cmp.Or(n.Description, n.Format), description), nil
}

// importCheckpoint reads one set of weights of a checkpoint of this program.
func importCheckpoint(path string, assume Assume) (c *checkpoint.Checkpoint, description string, err error) {
	if assume.Size != 0 || assume.Parameterization != "" || assume.DataStd != 0 || assume.Config != nil {
		return nil, "", fmt.Errorf("%s is a checkpoint of this program, which tells all but the choice of weights",
			path)
	}
	r, err := checkpoint.Open(path)
	if err != nil {
		return nil, "", err
	}
	defer r.Close()
	set := assume.Weights
	if set == "" && r.Has(checkpoint.EMA) {
		set = checkpoint.EMA
	} else if set == "" {
		set = checkpoint.Raw
	}
	if _, err := outline(r.Meta, r, set); err != nil {
		return nil, "", fmt.Errorf("%s: %w", path, err)
	}
	weights, err := r.Read(set)
	if err != nil {
		return nil, "", err
	}
	return &checkpoint.Checkpoint{Parameters: weights, Meta: r.Meta}, "a checkpoint of this program, " + set, nil
}
