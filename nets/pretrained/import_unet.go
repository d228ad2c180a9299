package pretrained

import (
	"errors"
	"fmt"

	"tweedie/nets/unet"
)

// readUNet reads the default network as other programs keep it: tensors under its own names, no metadata.
func readUNet(f *foreign) (*network, error) {
	if f.Size < 1 {
		return nil, errors.New("the file does not tell the size of its images")
	}
	c, err := inferUNet(f.shapes(), f.Size)
	if err == nil {
		err = f.configure(&c)
	}
	if err == nil {
		err = c.Validate()
	}
	return &network{architecture: c, low: -1, high: 1, tensors: f.tensors}, err
}

// inferUNet returns the configuration of a network with parameters of these shapes, for square images. Parameters that do not
// fit it are for the caller to find.
func inferUNet(shapes map[string][]int, size int) (c unet.Config, err error) {
	first := shapes["conv_in.weight"]
	if len(first) != 4 {
		return c, fmt.Errorf("conv_in.weight is %v, want (base, channels, 3, 3)", first)
	}
	c = unet.Config{Channels: first[1], Height: size, Width: size, Base: first[0], Attention: []int{}}
	var attends []bool // by level
	down := true       // the last of the sequence was a convolution that halves the resolution, or there was none
	for i := 0; ; i++ {
		name := fmt.Sprintf("down.%d.", i)
		if block := shapes[name+"0.conv1.weight"]; len(block) == 4 {
			if down {
				c.Multipliers = append(c.Multipliers, block[0]/c.Base)
				attends = append(attends, shapes[name+"1.qkv.weight"] != nil)
			}
			if len(c.Multipliers) == 1 {
				c.Blocks++
			}
			down = false
		} else if shapes[name+"0.weight"] != nil {
			down = true
		} else {
			break
		}
	}
	last := len(attends) - 1
	coarsest := (size + 1<<last - 1) >> last
	for level, attend := range attends {
		if attend {
			c.Attention = append(c.Attention, coarsest<<(last-level))
		}
	}
	return c, nil
}
