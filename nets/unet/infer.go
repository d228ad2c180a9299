package unet

import "fmt"

// Infer returns the network for square images of the given size whose parameters have these names and shapes.
// Parameters that the network does not have are no error here. They are one when the weights are loaded.
func Infer(shapes map[string][]int, size int) (c Config, err error) {
	first := shapes["conv_in.weight"]
	if len(first) != 4 || first[0] < 1 {
		return c, fmt.Errorf("conv_in.weight is %v, want (base, channels, 3, 3)", first)
	}
	c = Config{Channels: first[1], Height: size, Width: size, Base: first[0], Attention: []int{}}
	var attends []bool  // by level
	newLevel := true    // the next block is the first of a level
	for i := 0; ; i++ { // parts of the way down: blocks, and convolutions that halve the resolution
		name := fmt.Sprintf("down.%d.", i)
		if block := shapes[name+"0.conv1.weight"]; len(block) == 4 {
			if newLevel {
				c.Multipliers = append(c.Multipliers, block[0]/c.Base)
				attends = append(attends, shapes[name+"1.qkv.weight"] != nil)
			}
			if len(c.Multipliers) == 1 {
				c.Blocks++
			}
			newLevel = false
		} else if shapes[name+"0.weight"] != nil {
			newLevel = true
		} else {
			break
		}
	}
	if err := c.Validate(); err != nil {
		return c, err
	}
	divisor := c.size().Divisor()
	coarsest := (size + divisor - 1) / divisor
	for level, attend := range attends {
		if attend {
			c.Attention = append(c.Attention, coarsest<<(len(attends)-1-level))
		}
	}
	return c, c.Validate()
}
