package pretrained

import (
	"tweedie/nets"
	"tweedie/nets/ncsnpp"
)

// readNCSNPP reads a network of score_sde: it gives the score of images in [0, 1], or in [-1, 1] if they are centered.
func readNCSNPP(f *foreign) (*network, error) {
	var given ncsnpp.Config // what tensors do not tell
	if err := f.glance(&given); err != nil {
		return nil, err
	}
	delete(f.tensors, "sigmas") // a table of noise levels, which the network does not read
	c, description, err := ncsnpp.Infer(f.shapes(), ncsnpp.Assume{Height: f.Size, Centered: given.Centered})
	if err == nil {
		err = f.configure(&c)
	}
	if err == nil {
		err = c.Validate()
	}
	n := &network{architecture: c, output: nets.Parameterization{Kind: nets.PredictVEScore}, high: 1, tensors: f.tensors, description: description}
	if c.Centered {
		n.low = -1
	}
	return n, err
}
