package experiments

import (
	"encoding/json"

	"tweedie/experiments/strict"
	"tweedie/nets"
	"tweedie/nets/pretrained"
)

// Assume is a walk's table assume: settings of a network that are missing in a checkpoint of another program. Zero
// values stand for what the file says or, if it does not say, for what is usual.
type Assume struct {
	Size         int
	Heads        int // of "adm", as are HeadChannels and NewOrder
	HeadChannels int
	NewOrder     bool
	Centered     bool // of "ncsnpp"
	Predicts     string
}

// Fields are the keys of assume.
func (a *Assume) Fields() []strict.Field {
	const told = "what the file says"
	return []strict.Field{
		strict.Optional("size", &a.Size, 0, strict.AtLeast(0)).DefaultDoc(told).
			Doc("side of the network's images in pixels"),
		strict.Optional("heads", &a.Heads, 0, strict.AtLeast(0)).DefaultDoc(told).
			Doc("heads of attention, of an ADM"),
		strict.Optional("head_channels", &a.HeadChannels, 0, strict.AtLeast(0)).DefaultDoc(told).
			Doc("channels of each head of attention, of an ADM"),
		strict.Optional("new_order", &a.NewOrder, false).
			Doc("whether an ADM's attention has the channels' newer order: queries of all heads, keys, values"),
		strict.Optional("centered", &a.Centered, false).
			Doc("whether an NCSN++ takes images in [-1, 1] instead of [0, 1]"),
		strict.Optional("predicts", &a.Predicts, "", strict.OneOf(parameterizations...)).OmitEmpty().DefaultDoc(told).
			Doc("what the network predicts, as in `train.parameterization`"),
	}
}

// Pretrained returns the settings in the form that the reader of such checkpoints takes. A nil a assumes nothing.
func (a *Assume) Pretrained() pretrained.Assume {
	if a == nil {
		return pretrained.Assume{}
	}
	config := map[string]any{} // by key of the network's configuration in JSON
	for key, value := range map[string]int{"heads": a.Heads, "head_channels": a.HeadChannels} {
		if value > 0 {
			config[key] = value
		}
	}
	for key, value := range map[string]bool{"new_order": a.NewOrder, "centered": a.Centered} {
		if value {
			config[key] = value
		}
	}
	assume := pretrained.Assume{Size: a.Size, Parameterization: nets.Kind(a.Predicts)}
	if len(config) > 0 {
		assume.Config, _ = json.Marshal(config) // numbers and booleans cannot fail
	}
	return assume
}
