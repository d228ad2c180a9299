package pretrained

import (
	"encoding/json"
	"fmt"

	"tweedie/nets"
	"tweedie/nets/adm"
)

// readADM reads a network of guided diffusion: it predicts epsilon at the noise levels of DDPM, for images in [-1, 1].
func readADM(f *foreign) (*network, error) {
	var given adm.Config // what tensors do not tell
	if err := f.glance(&given); err != nil {
		return nil, err
	}
	c, description, err := adm.Infer(f.shapes(), adm.Assume{Height: f.Size, Heads: given.Heads, HeadChannels: given.HeadChannels, NewOrder: given.NewOrder})
	if err == nil {
		err = f.configure(&c)
	}
	if err == nil {
		err = c.Validate()
	}
	return &network{architecture: c, output: nets.Parameterization{Kind: nets.PredictEpsilon}, low: -1, high: 1, tensors: f.tensors, description: description}, err
}

// readDiffusers reads a UNet2DModel, which is an ADM by other names.
func readDiffusers(f *foreign) (*network, error) {
	settings, err := readDiffusersConfig(f.path)
	if err != nil {
		return nil, err
	}
	tensors, err := fromDiffusers(f.tensors)
	if err != nil {
		return nil, err
	}
	a := adm.Assume{Height: settings.side(), Heads: 1, NewOrder: true} // queries, keys and values were joined in this order
	if f.Size != 0 {
		a.Height = f.Size
	}
	if a.Height == 0 {
		return nil, fmt.Errorf("the file does not tell the size of its images")
	}
	if settings.HeadChannels != nil {
		a.Heads, a.HeadChannels = 0, *settings.HeadChannels
	}
	ours := &foreign{f.Assume, f.path, tensors}
	c, description, err := adm.Infer(ours.shapes(), a)
	if err != nil {
		return nil, err
	}
	c.Epsilon, c.FrequencyShift, c.SinesFirst, c.PadAfter = settings.Epsilon, settings.FrequencyShift, !settings.FlipSinToCos, settings.DownsamplePadding == 0
	if err = f.configure(&c); err == nil {
		err = c.Validate()
	}
	return &network{architecture: c, output: nets.Parameterization{Kind: nets.PredictEpsilon}, low: -1, high: 1, tensors: tensors, description: description}, err
}

// glance reads what is assumed of a configuration, to know it early: configure does it strictly.
func (f *foreign) glance(config any) error {
	if f.Config == nil {
		return nil
	}
	return json.Unmarshal(f.Config, config)
}
