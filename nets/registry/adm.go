package registry

import (
	"cmp"
	"errors"

	"tweedie/experiments/strict"
	"tweedie/nets"
	"tweedie/nets/adm"
	"tweedie/nets/checkpoint"
)

var admNetwork = Network{
	Name:   adm.Name,
	Doc:    "ADM (Dhariwal & Nichol 2021)",
	New:    func() Settings { return &ADM{} },
	Decode: decode[adm.Config],
	Formats: []Format{
		{"ADM", "input_blocks.0.0.weight", readADM},
		{"diffusers' UNet2DModel", "down_blocks.0.resnets.0.conv1.weight", readDiffusers},
	},
	Undetermined: func() Undetermined { return &undeterminedADM{} },
}

// ADM is the table [net] of a network of guided diffusion. See adm.Config.
type ADM struct {
	Levels
	Heads          int
	HeadChannels   int
	NewOrder       bool
	ScaleShift     bool
	BlocksResample bool
}

// Fields are the keys of [net].
func (n *ADM) Fields() []strict.Field {
	return append(n.Levels.Fields(),
		strict.Optional("heads", &n.Heads, 0, strict.AtLeast(0)).DefaultDoc("by `head_channels`").
			Doc("heads of attention"),
		strict.Optional("head_channels", &n.HeadChannels, 0, strict.AtLeast(0)).DefaultDoc("64 without `heads`").
			Doc("channels of each head of attention"),
		strict.Optional("new_order", &n.NewOrder, false).
			Doc("whether attention's channels have the newer order: queries of all heads, keys, values"),
		strict.Optional("scale_shift", &n.ScaleShift, true).
			Doc("whether the noise level also scales a block's channels"),
		strict.Optional("resblock_updown", &n.BlocksResample, true).
			Doc("whether residual blocks change the resolution"))
}

// Architecture returns the network for square images.
func (n *ADM) Architecture(channels, side int) Architecture {
	c := adm.Config{Channels: channels, Height: side, Width: side,
		Base: n.Base, Blocks: n.Blocks, Attention: n.Attention,
		Heads: n.Heads, HeadChannels: n.HeadChannels, NewOrder: n.NewOrder,
		ScaleShift: n.ScaleShift, BlocksResample: n.BlocksResample}
	if c.Heads == 0 {
		c.HeadChannels = cmp.Or(c.HeadChannels, 64)
	}
	for _, m := range n.Multipliers {
		c.Multipliers = append(c.Multipliers, float64(m))
	}
	return c
}

type undeterminedADM struct {
	Heads        int  `json:"heads,omitempty"`
	HeadChannels int  `json:"head_channels,omitempty"`
	NewOrder     bool `json:"new_order,omitempty"`
}

func (a *undeterminedADM) Fields() []strict.Field {
	const fromFile = "what the file says"
	return []strict.Field{
		strict.Optional("heads", &a.Heads, 0, strict.AtLeast(0)).DefaultDoc(fromFile).
			Doc("heads of attention, of an ADM"),
		strict.Optional("head_channels", &a.HeadChannels, 0, strict.AtLeast(0)).DefaultDoc(fromFile).
			Doc("channels of each head of attention, of an ADM"),
		strict.Optional("new_order", &a.NewOrder, false).
			Doc("whether an ADM's attention has the channels' newer order: queries of all heads, keys, values"),
	}
}

// readADM reads a network of guided diffusion. It predicts epsilon at the noise levels of DDPM, for images in [-1, 1].
func readADM(f *File) (*Imported, error) {
	var given undeterminedADM
	if err := f.assumed(&given); err != nil {
		return nil, err
	}
	return f.inferADM(f.Tensors, adm.Assume{Height: f.Size,
		Heads: given.Heads, HeadChannels: given.HeadChannels, NewOrder: given.NewOrder}, func(*adm.Config) {})
}

// readDiffusers reads a UNet2DModel, which is an ADM under other names.
func readDiffusers(f *File) (*Imported, error) {
	settings, err := readDiffusersConfig(f.Path)
	if err != nil {
		return nil, err
	}
	tensors, err := fromDiffusers(f.Tensors)
	if err != nil {
		return nil, err
	}
	// fromDiffusers joins query, key and value in the new order.
	a := adm.Assume{Height: cmp.Or(f.Size, settings.side()), Heads: 1, NewOrder: true}
	if a.Height == 0 {
		return nil, errors.New("the file does not say the size of its images")
	}
	if settings.HeadChannels != nil {
		a.Heads, a.HeadChannels = 0, *settings.HeadChannels
	}
	return f.inferADM(tensors, a, func(c *adm.Config) {
		c.Epsilon, c.FrequencyShift = settings.Epsilon, settings.FrequencyShift
		c.SinesFirst, c.PadAfter = !settings.FlipSinToCos, settings.DownsamplePadding == 0
	})
}

// inferADM returns the ADM of these tensors. complete sets what neither tensors nor assumptions determine.
func (f *File) inferADM(tensors map[string]checkpoint.Tensor, a adm.Assume, complete func(*adm.Config)) (
	*Imported, error) {
	c, description, err := adm.Infer(checkpoint.Shapes(tensors), a)
	if err != nil {
		return nil, err
	}
	complete(&c)
	err = f.configure(&c)
	return &Imported{Architecture: c, Output: nets.Parameterization{Kind: nets.PredictEpsilon}, Low: -1, High: 1,
		Tensors: tensors, Description: description}, err
}
