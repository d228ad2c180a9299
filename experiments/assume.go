package experiments

import (
	"encoding/json"

	"tweedie/nets"
	"tweedie/nets/pretrained"
)

// Assume is a walk's table assume: what a file of another program does not tell of its network. Zeros stand for what the file tells, or what is
// usual for its kind.
type Assume struct {
	Size         int    // pixels on a side of its images
	Heads        int    // of attention, in an ADM
	HeadChannels int    // of each of its heads
	NewOrder     bool   // of the channels of its attention
	Centered     bool   // an NCSN++ of images in [-1, 1]
	Predicts     string // "denoiser", "score", "epsilon", "ve-score" or "edm"
}

func (a *Assume) fields() []field {
	return []field{
		optional("size", &a.Size, 0, atLeast(0)),
		optional("heads", &a.Heads, 0, atLeast(0)),
		optional("head_channels", &a.HeadChannels, 0, atLeast(0)),
		optional("new_order", &a.NewOrder, false),
		optional("centered", &a.Centered, false),
		unlessEmpty(optional("predicts", &a.Predicts, "", oneOf(parameterizations...))),
	}
}

// Pretrained is a as the reader of such files takes it; of nil, that nothing is assumed.
func (a *Assume) Pretrained() pretrained.Assume {
	if a == nil {
		return pretrained.Assume{}
	}
	config := map[string]any{} // of the network
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
		assume.Config, _ = json.Marshal(config) // numbers and booleans always have a form
	}
	return assume
}
