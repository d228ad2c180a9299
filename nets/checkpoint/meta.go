package checkpoint

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"unicode/utf8"
)

// Version is the version of files that Write writes, and the newest that Open accepts. It increases when older programs
// would misread new files.
const Version = 1

// errNewer is wrapped by the error for a file of a newer Version.
var errNewer = errors.New("written by a newer program")

// Meta is what a sampler must know beside the tensors. Every field is stored under the key in its comment.
type Meta struct {
	Version          int             // "version"; see the constant
	Network          string          // "network": its kind, such as "unet"
	Config           json.RawMessage // "config": the network's own configuration
	Parameterization string          // "parameterization": what the network's output means, such as "edm"
	DataStd          float64         // "data_std": the data's standard deviation in [-1, 1] units; 0 where unused
	Range            [2]float64      // "range": the values of black and white, such as [-1, 1]
	Channels         int             // "channels": of the images trained on
	Height           int             // "height"
	Width            int             // "width"
	Step             int             // "step": optimizer steps taken
	Seed             uint64          // "seed": of the run's random streams
	Experiment       string          // "experiment": the whole experiment, as TOML
	Extension        string          // "extension": the learning rate after a change of steps; may be missing
}

// A field is an entry of the metadata.
type field struct {
	key   string
	value any // pointer to the field of Meta
}

func (m *Meta) fields() []field {
	return []field{
		{"version", &m.Version},
		{"network", &m.Network},
		{"config", &m.Config},
		{"parameterization", &m.Parameterization},
		{"data_std", &m.DataStd},
		{"range", &m.Range},
		{"channels", &m.Channels},
		{"height", &m.Height},
		{"width", &m.Width},
		{"step", &m.Step},
		{"seed", &m.Seed},
		{"experiment", &m.Experiment},
		{"extension", &m.Extension},
	}
}

// strings returns the fields as a file stores them.
func (m *Meta) strings() (map[string]string, error) {
	metadata := map[string]string{}
	for _, f := range m.fields() {
		if f.key == "extension" && m.Extension == "" {
			continue
		}
		switch v := f.value.(type) {
		case *string:
			metadata[f.key] = *v
		case *json.RawMessage:
			metadata[f.key] = string(*v)
		default:
			b, err := json.Marshal(v)
			if err != nil {
				return nil, fmt.Errorf("metadata %q: %w", f.key, err)
			}
			metadata[f.key] = string(b)
		}
		if !utf8.ValidString(metadata[f.key]) {
			return nil, fmt.Errorf("metadata %q is not UTF-8", f.key)
		}
	}
	return metadata, nil
}

// parseMeta is the inverse of strings.
func parseMeta(metadata map[string]string) (Meta, error) {
	var m Meta
	for _, f := range m.fields() {
		text, ok := metadata[f.key]
		if !ok && f.key == "extension" {
			continue
		}
		if !ok {
			return m, fmt.Errorf("not a checkpoint of this program: its metadata has no %q", f.key)
		}
		switch v := f.value.(type) {
		case *string:
			*v = text
		case *json.RawMessage:
			*v = json.RawMessage(text)
		default:
			if err := json.Unmarshal([]byte(text), v); err != nil {
				return m, fmt.Errorf("metadata %q is %q: %w", f.key, text, err)
			}
		}
		if f.key == "version" && m.Version > Version {
			return m, fmt.Errorf("it is of version %d, %w; this one reads up to version %d",
				m.Version, errNewer, Version)
		}
	}
	return m, m.validate()
}

func (m *Meta) validate() error {
	wrong := func(key string, value any, right string) error {
		return fmt.Errorf("metadata %q is %v; %s is right", key, value, right)
	}
	switch {
	case m.Version < 1:
		return wrong("version", m.Version, "1 or more")
	case m.Network == "":
		return errors.New(`metadata "network" is empty; the kind of network is right`)
	case !json.Valid(m.Config):
		return fmt.Errorf(`metadata "config" is %.40q; the network's configuration as JSON is right`, m.Config)
	case m.Parameterization == "":
		return errors.New(`metadata "parameterization" is empty; its name is right`)
	case !(m.DataStd >= 0) || math.IsInf(m.DataStd, 1):
		return wrong("data_std", m.DataStd, "a standard deviation, or 0 where unused,")
	case !(m.Range[0] < m.Range[1]) || math.IsInf(m.Range[1]-m.Range[0], 1):
		return wrong("range", m.Range, "[low, high]")
	case m.Channels < 1:
		return wrong("channels", m.Channels, "1 or more")
	case m.Height < 1:
		return wrong("height", m.Height, "1 or more")
	case m.Width < 1:
		return wrong("width", m.Width, "1 or more")
	case m.Step < 0:
		return wrong("step", m.Step, "0 or more")
	}
	return nil
}
