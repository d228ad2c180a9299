package experiments

import (
	"tweedie/experiments/strict"
	"tweedie/nets"
	"tweedie/nets/registry"
)

// Net is the table [net]: the network.
type Net struct {
	Kind     string
	Settings registry.Settings // its other keys; they depend on the kind
}

// networks has a kind for each network of the registry.
var networks = func() strict.Menu[Net, struct{}] {
	menu := strict.Menu[Net, struct{}]{}
	for _, network := range registry.All() {
		menu[network.Name] = strict.Kind[Net, struct{}]{Doc: network.Doc, Keys: func(n *Net) []strict.Field {
			if n.Settings == nil {
				n.Settings = network.New()
			}
			return n.Settings.Fields()
		}}
	}
	return menu
}()

// Fields are the keys of [net].
func (n *Net) Fields() []strict.Field { return networks.Fields(&n.Kind, n) }

// Architecture returns the network that the experiment trains.
func (e *Experiment) Architecture() registry.Architecture {
	return e.Net.Settings.Architecture(e.Data.Channels, e.Data.shape().Width)
}

// checkNetwork complains about a network that cannot be built for the images, or be trained as [train] says.
func (e *Experiment) checkNetwork(complain func(key, message string)) {
	if err := e.Architecture().Validate(); err != nil {
		complain("net", err.Error())
	} else {
		e.Net.Settings.Check(e.Data.shape().Width, func(key, message string) { complain("net."+key, message) })
	}
	if err := registry.CheckParameterization(e.Net.Kind, nets.Kind(e.Train.Parameterization)); err != nil {
		complain("train.parameterization", err.Error())
	}
}
