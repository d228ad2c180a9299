package ncsnpp

import (
	"errors"
	"fmt"
	"strings"
)

// Assume holds settings that cannot be inferred from the shapes of a file's tensors. Zeros stand for those of the
// authors' FFHQ network.
type Assume struct {
	Height, Width int  // of images, in pixels; 256
	Centered      bool // images are in [-1, 1], not [0, 1]
}

// Infer returns the network whose tensors have these names and shapes, such as "all_modules.0.W", and describes in
// words what it inferred and what it assumed. Tensors that the network does not have are no error here; they are
// an error when the weights are loaded.
func Infer(shapes map[string][]int, a Assume) (c Config, description string, err error) {
	if a.Height == 0 {
		a.Height = 256
	}
	if a.Width == 0 {
		a.Width = a.Height
	}
	frequencies, first := shapes["all_modules.0.W"], shapes["all_modules.3.weight"]
	if len(frequencies) != 1 || len(first) != 4 {
		return c, "", errors.New("not an NCSN++: want all_modules.0.W, of 1 dimension, and all_modules.3.weight, of 4")
	}
	c = Config{Channels: first[1], Height: a.Height, Width: a.Width, Base: frequencies[0], Attention: []int{},
		Centered: a.Centered, FIR: [4]float64{1, 3, 3, 1}, Scale: 16}
	modules := sequence(shapes)
	// On the way down, a level has its blocks, perhaps each with attention. All levels but the last end with a block
	// that halves the resolution (b) and a combination (c).
	levels := strings.Split(modules, "bc")
	if up := strings.IndexByte(levels[len(levels)-1], 'n'); up < 0 || c.Base < 1 {
		return c, "", fmt.Errorf("not an NCSN++: blocks (b), attention (a), combinations (c), norms (n) are %q",
			modules)
	}
	if len(levels) > 1 {
		c.Blocks = strings.Count(levels[0], "b")
	} else { // the middle has two blocks, and a level on the way up has one more than on the way down
		c.Blocks = (strings.Count(levels[0], "b") - 3) / 2
	}
	at := 4 // number of the level's first module
	for i, level := range levels {
		out := shapes[fmt.Sprintf("all_modules.%d.Conv_0.weight", at)]
		if len(out) != 4 {
			return c, "", fmt.Errorf("not an NCSN++: want all_modules.%d.Conv_0.weight, of 4 dimensions", at)
		}
		c.Multipliers = append(c.Multipliers, out[0]/c.Base)
		if strings.HasPrefix(level, "ba") {
			c.Attention = append(c.Attention, c.Height>>i)
		}
		at += len(level) + 2
	}
	if err := c.Validate(); err != nil {
		return c, "", fmt.Errorf("size or centered, which shapes do not determine, is wrong: %w", err)
	}
	data := "in [0, 1]"
	if c.Centered {
		data = "in [-1, 1]"
	}
	return c, fmt.Sprintf("NCSN++ with nf %d, multipliers %v, %d blocks a level, attention at %v, %d channels; "+
		"assumed are images of %d x %d, %s, and the filter 1, 3, 3, 1",
		c.Base, c.Multipliers, c.Blocks, c.Attention, c.Channels, c.Height, c.Width, data), nil
}

// sequence returns a letter for each module from number 4 on: b for a residual block, a for attention, c for a
// combination with the input pyramid, n for a norm and o for a convolution of the output pyramid.
func sequence(shapes map[string][]int) string {
	var letters []byte
	for i := 4; ; i++ {
		has := func(name string) bool { return shapes[fmt.Sprintf("all_modules.%d.%s", i, name)] != nil }
		switch {
		case has("Dense_0.weight"):
			letters = append(letters, 'b')
		case has("NIN_0.W"):
			letters = append(letters, 'a')
		case has("Conv_0.weight"):
			letters = append(letters, 'c')
		case len(shapes[fmt.Sprintf("all_modules.%d.weight", i)]) == 1:
			letters = append(letters, 'n')
		case has("weight"):
			letters = append(letters, 'o')
		default:
			return string(letters)
		}
	}
}
