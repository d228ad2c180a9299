package pretrained

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"tweedie/nets"
	"tweedie/nets/checkpoint"
	"tweedie/nets/model"
)

// Assume is what files of other programs may leave unsaid. Zero values stand for what the file tells, or what is usual for its kind.
type Assume struct {
	Weights          string          // "parameters", "ema", or "": the moving average where there is one
	Size             int             // of images, which are square, in pixels
	Parameterization nets.Kind       // what the network's output means
	DataStd          float64         // of the data in [-1, 1] units; PredictEpsilon does not use it
	Config           json.RawMessage // an object: settings of the network, in place of those that its tensors tell
}

// A format is a way in which a program names the tensors of a network.
type format struct {
	network string
	mark    string // a tensor that every file of the format has
	read    func(f *foreign) (*network, error)
}

var formats = []format{
	{"this program's U-Net", "down.0.0.conv1.weight", readUNet},
	{"ADM", "input_blocks.0.0.weight", readADM},
	{"NCSN++", "all_modules.0.W", readNCSNPP},
	{"diffusers' UNet2DModel", "down_blocks.0.resnets.0.conv1.weight", readDiffusers},
}

// A foreign is a file of another program, and what to assume of it.
type foreign struct {
	Assume
	path    string
	tensors map[string]checkpoint.Tensor
}

// A network is what a format makes of a file: tensors by this program's names. What its output means may be left to Assume.
type network struct {
	architecture model.Architecture
	output       nets.Parameterization
	low, high    float64 // black and white of its images
	tensors      map[string]checkpoint.Tensor
	description  string // what was inferred and what assumed; may be empty
}

// Import reads the weights of a file, this program's or another's, as a checkpoint of one set of weights that samples without any other
// file, and says in a few words what the file is. The network's configuration comes from the tensors' names and shapes.
//
// Errors, of one line, name the file. It is one for a file's tensors to be of no network known here, to be others than the
// configuration asks for, or to leave open what Assume does not tell.
func Import(path string, assume Assume) (c *checkpoint.Checkpoint, description string, err error) {
	c, _, description, err = load(path, assume)
	return c, description, err
}

// load is Import, and the denoiser that comes of it.
func load(path string, assume Assume) (c *checkpoint.Checkpoint, d *Denoiser, description string, err error) {
	tensors, description, err := checkpoint.ReadWeights(path, assume.Weights)
	if errors.Is(err, checkpoint.ErrCheckpoint) {
		return loadOwn(path, assume)
	}
	if err != nil {
		return nil, nil, "", err
	}
	c, d, kind, err := interpret(&foreign{assume, path, tensors})
	if err != nil {
		return nil, nil, "", fmt.Errorf("%s, %s: %w", path, description, err)
	}
	return c, d, fmt.Sprintf("%s, %s", kind, description), nil
}

func loadOwn(path string, assume Assume) (own *checkpoint.Checkpoint, d *Denoiser, description string, err error) {
	if assume.Size != 0 || assume.Parameterization != "" || assume.DataStd != 0 || assume.Config != nil {
		return nil, nil, "", fmt.Errorf("%s is a checkpoint of this program, which tells all but the choice of weights", path)
	}
	c, err := checkpoint.Read(path)
	if err != nil {
		return nil, nil, "", err
	}
	set := assume.Weights
	if set == "" && len(c.EMA) > 0 {
		set = "ema"
	} else if set == "" {
		set = "parameters"
	}
	weights, err := c.Set(set)
	if err == nil && len(weights) == 0 {
		err = fmt.Errorf("it holds no %s", set)
	}
	if err != nil {
		return nil, nil, "", fmt.Errorf("%s: %w", path, err)
	}
	own = &checkpoint.Checkpoint{Parameters: weights, Meta: c.Meta}
	if d, err = New(own, "parameters"); err != nil {
		return nil, nil, "", fmt.Errorf("%s: %w", path, err)
	}
	return own, d, "a checkpoint of this program, " + set, nil
}

// interpret finds the format of a file and makes a checkpoint of it, whose network has been built once.
func interpret(f *foreign) (c *checkpoint.Checkpoint, d *Denoiser, kind string, err error) {
	i := slices.IndexFunc(formats, func(k format) bool { _, ok := f.tensors[k.mark]; return ok })
	if i < 0 {
		return nil, nil, "", f.unknown()
	}
	n, err := formats[i].read(f)
	if err != nil {
		return nil, nil, "", fmt.Errorf("%s: %w", formats[i].network, err)
	}
	if f.Parameterization != "" {
		n.output.Kind = f.Parameterization
	}
	if f.DataStd != 0 {
		n.output.DataStd = f.DataStd
	}
	if n.output.Kind == "" {
		return nil, nil, "", fmt.Errorf("%s: the file does not tell its parameterization: %s, %s, %s, %s or %s", formats[i].network,
			nets.PredictDenoiser, nets.PredictScore, nets.PredictEpsilon, nets.PredictVEScore, nets.PredictEDM)
	}
	config, err := json.Marshal(n.architecture)
	if err != nil {
		return nil, nil, "", err
	}
	channels, height, width := n.architecture.Shape()
	c = &checkpoint.Checkpoint{Parameters: n.tensors, Meta: checkpoint.Meta{
		Version: checkpoint.Version, Network: n.architecture.Kind(), Config: config,
		Parameterization: string(n.output.Kind), DataStd: n.output.DataStd,
		Range: [2]float64{n.low, n.high}, Channels: channels, Height: height, Width: width,
	}}
	if d, err = New(c, "parameters"); err != nil {
		return nil, nil, "", fmt.Errorf("%s: %w", formats[i].network, err)
	}
	return c, d, cmp.Or(n.description, formats[i].network), nil
}

func (f *foreign) unknown() error {
	names := slices.Sorted(maps.Keys(f.tensors))
	var known []string
	for _, k := range formats {
		known = append(known, fmt.Sprintf("%s (%s)", k.network, k.mark))
	}
	return fmt.Errorf("its tensors (%d, %.80q the first) are of no network known here: %s", len(names), names[0], strings.Join(known, ", "))
}

// shapes are those of the file's tensors, by name.
func (f *foreign) shapes() map[string][]int {
	shapes := make(map[string][]int, len(f.tensors))
	for name, t := range f.tensors {
		shapes[name] = t.Shape
	}
	return shapes
}

// configure puts the assumed settings in the place of those inferred, in a pointer to a network's configuration.
func (f *foreign) configure(config any) error {
	if f.Config == nil {
		return nil
	}
	return decodeStrictly(f.Config, config)
}
