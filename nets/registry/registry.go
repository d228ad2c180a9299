// Package registry lists the networks: what each is called, its keys in an experiment, its configuration in a
// checkpoint, and the files of other programs that hold one. To add a network, write its package and a file here that
// describes it, and add that to the list.
//
// Whoever reads experiments or files knows the networks only through this list. The package must not know how a network
// is trained or sampled.
package registry

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"tweedie/experiments/strict"
	"tweedie/nets"
	"tweedie/nets/model"
)

// networks holds all of them.
var networks = []Network{unetNetwork, admNetwork, ncsnppNetwork}

// A Network describes one kind of network.
type Network struct {
	Name string // in checkpoints, and as net.kind in experiments
	Doc  string // one line about it, for the reference of an experiment's keys

	// New returns empty settings for the table [net].
	New func() Settings

	// Decode reads the configuration in a checkpoint, which may hold anything, and validates it.
	Decode func(config json.RawMessage) (Architecture, error)

	// Formats are the ways in which files of any program name the network's tensors.
	Formats []Format

	// Untold returns empty settings for a walk's table "assume", nil if tensors tell all that matters.
	Untold func() Untold

	// Predicts is what the output means, if that is part of the network. No other network then has this
	// parameterization. It is "" for a network that can learn any other. Why says it in words that follow "since".
	Predicts nets.Kind
	Why      string
}

// An Architecture is a network without its weights. Validate returns an error that names the first setting with which
// the network cannot be built.
type Architecture interface {
	model.Architecture
	Validate() error
}

// Settings are a network's keys in the table [net] of an experiment.
type Settings interface {
	strict.Table
	// Architecture returns the network for square images of so many channels and pixels on a side.
	Architecture(channels, side int) Architecture
	// Check complains about keys that do not suit square images of so many pixels on a side.
	Check(side int, complain func(key, message string))
}

// All returns the networks.
func All() []Network { return slices.Clone(networks) }

// Decode returns the network of a checkpoint, by its name and its configuration.
func Decode(name string, config json.RawMessage) (Architecture, error) {
	i := slices.IndexFunc(networks, func(n Network) bool { return n.Name == name })
	if i < 0 {
		return nil, fmt.Errorf("network %q is unknown, want one of %q", name, names())
	}
	a, err := networks[i].Decode(config)
	if err != nil {
		return nil, fmt.Errorf("configuration of the %s: %w", name, err)
	}
	return a, nil
}

// CheckParameterization returns an error unless the network called name can be trained with the parameterization.
func CheckParameterization(name string, p nets.Kind) error {
	for _, n := range networks {
		if n.Predicts != "" && (n.Predicts == p) != (n.Name == name) {
			return fmt.Errorf("%q with a network of kind %q: %q and %q go together, since %s", p, name, n.Predicts, n.Name,
				n.Why)
		}
	}
	return nil
}

func names() (all []string) {
	for _, n := range networks {
		all = append(all, n.Name)
	}
	slices.Sort(all)
	return all
}

// decode is the Decode of a network whose configuration is a C.
func decode[C Architecture](config json.RawMessage) (Architecture, error) {
	var c C
	if err := decodeStrictly(config, &c); err != nil {
		return nil, err
	}
	return c, c.Validate()
}

// decodeStrictly decodes a JSON object. An unknown key is an error.
func decodeStrictly(text json.RawMessage, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	return d.Decode(into)
}
