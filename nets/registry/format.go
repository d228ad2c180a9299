package registry

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"tweedie/experiments/strict"
	"tweedie/nets"
	"tweedie/nets/checkpoint"
)

// A Format is a way in which a program names the tensors of a network.
type Format struct {
	Name string // of the program's network, for messages
	Mark string // a tensor that every file of the format has
	Read func(f *File) (*Imported, error)
}

// A File holds the weights that another program wrote.
type File struct {
	Assume
	Path    string // settings of some formats are in other files of the same folder
	Tensors map[string]checkpoint.Tensor
}

// Assume holds what files of other programs may leave unsaid. A zero value stands for what the file tells, or what is
// usual for files of its kind.
type Assume struct {
	Weights          string          // checkpoint.Raw, checkpoint.EMA, or "": the moving average if there is one
	Size             int             // of images, which are square, in pixels
	Parameterization nets.Kind       // what the network's output means
	DataStd          float64         // of the data in [-1, 1] units; PredictEpsilon does not use it
	Config           json.RawMessage // an object: settings of the network that replace those told by its tensors
}

// Undetermined holds the settings of a network that the tensors in files of other programs do not determine. They are
// keys of a walk's table "assume". Their form in JSON is a part of the network's configuration, without the keys that
// have their default.
type Undetermined interface{ strict.Table }

// NewUndetermined returns empty settings for each network that has any. No two networks may have the same key.
func NewUndetermined() []Undetermined {
	all := []Undetermined{}
	for _, n := range networks {
		if n.Undetermined != nil {
			all = append(all, n.Undetermined())
		}
	}
	return all
}

// Config joins settings to one object in JSON, for Assume. It is nil if all have their default.
func Config(settings []Undetermined) json.RawMessage {
	joined := map[string]any{}
	for _, s := range settings {
		text, err := json.Marshal(s)
		if err == nil {
			err = json.Unmarshal(text, &joined)
		}
		if err != nil {
			panic(err) // a type with no form in JSON: a mistake in the network's description
		}
	}
	if len(joined) == 0 {
		return nil
	}
	text, err := json.Marshal(joined)
	if err != nil {
		panic(err)
	}
	return text
}

// Imported is a network that was found in a File.
type Imported struct {
	Architecture Architecture
	Output       nets.Parameterization        // what the network's output means; Kind is "" if nobody knows
	Low, High    float64                      // black and white of its images
	Tensors      map[string]checkpoint.Tensor // by this program's names
	Format       string                       // its name; Import sets it
	Description  string                       // what was inferred and what was assumed; "" if nothing was
}

// Import finds the network that a file holds. It is an error if no network here has such tensors, or if the file leaves
// open something that Assume does not settle. The tensors are not compared with those that the network needs.
func Import(f *File) (*Imported, error) {
	var formats []Format
	for _, n := range networks {
		formats = append(formats, n.Formats...)
	}
	i := slices.IndexFunc(formats, func(k Format) bool { _, ok := f.Tensors[k.Mark]; return ok })
	if i < 0 {
		return nil, f.unknown(formats)
	}
	n, err := formats[i].Read(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", formats[i].Name, err)
	}
	n.Output.Kind = cmp.Or(f.Parameterization, n.Output.Kind)
	n.Output.DataStd = cmp.Or(f.DataStd, n.Output.DataStd)
	if n.Output.Kind == "" {
		return nil, fmt.Errorf("%s: the file does not say its parameterization, which is %s, %s, %s, %s or %s",
			formats[i].Name, nets.PredictDenoiser, nets.PredictScore, nets.PredictEpsilon, nets.PredictVEScore,
			nets.PredictEDM)
	}
	n.Format = formats[i].Name
	return n, nil
}

func (f *File) unknown(formats []Format) error {
	names := slices.Sorted(maps.Keys(f.Tensors))
	if len(names) == 0 {
		return errors.New("it has no tensors of floating point numbers")
	}
	var known []string
	for _, k := range formats {
		known = append(known, fmt.Sprintf("%s (%s)", k.Name, k.Mark))
	}
	return fmt.Errorf("its tensors (%d, %.80q the first) are of no network known here: %s",
		len(names), names[0], strings.Join(known, ", "))
}

// configure replaces the inferred settings of a network, in a pointer to its configuration, by the assumed ones, and
// validates the result.
func (f *File) configure(config Architecture) error {
	if f.Config != nil {
		if err := decodeStrictly(f.Config, config); err != nil {
			return err
		}
	}
	return config.Validate()
}

// assumed reads the settings that a network must know before it infers the others. Unknown keys are left for configure
// to refuse.
func (f *File) assumed(settings Undetermined) error {
	if f.Config == nil {
		return nil
	}
	return json.Unmarshal(f.Config, settings)
}
