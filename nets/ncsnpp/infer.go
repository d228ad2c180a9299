package ncsnpp

import (
	"errors"
	"fmt"
	"strings"
)

// Assume is what the shapes of a file's tensors do not tell. Zeros are the FFHQ network's.
type Assume struct {
	Height, Width int  // of images, in pixels; 256
	Centered      bool // images are in [-1, 1], not [0, 1]
}

// Infer returns the network whose tensors have these names and shapes, "all_modules.0.W" and so on, and says in words what it inferred
// and what it assumed. Names that are not the network's are no error here: they are when the weights are put in place.
func Infer(shapes map[string][]int, a Assume) (c Config, description string, err error) {
	if a.Height == 0 {
		a.Height = 256
	}
	if a.Width == 0 {
		a.Width = a.Height
	}
	frequencies, first := shapes["all_modules.0.W"], shapes["all_modules.3.weight"]
	if len(frequencies) != 1 || len(first) != 4 {
		return c, "", errors.New("not an NCSN++: it wants all_modules.0.W, of one dimension, and all_modules.3.weight, of four")
	}
	c = Config{Channels: first[1], Height: a.Height, Width: a.Width, Base: frequencies[0], Attention: []int{}, Centered: a.Centered,
		FIR: [4]float64{1, 3, 3, 1}, Scale: 16}
	modules := sequence(shapes)
	// Going down, each level is its blocks, perhaps with attention, and, but for the last, a block that halves and a combination.
	levels := strings.Split(modules, "bc")
	if up := strings.IndexByte(levels[len(levels)-1], 'n'); up < 0 || c.Base < 1 {
		return c, "", fmt.Errorf("not an NCSN++: its modules, of blocks (b), attention (a), combinations (c) and norms (n), are %q", modules)
	}
	if len(levels) > 1 {
		c.Blocks = strings.Count(levels[0], "b")
	} else { // the middle has two blocks, and the way up one more than the way down
		c.Blocks = (strings.Count(levels[0], "b") - 3) / 2
	}
	at := 4 // of the level's first block
	for i, level := range levels {
		out := shapes[fmt.Sprintf("all_modules.%d.Conv_0.weight", at)]
		if len(out) != 4 {
			return c, "", fmt.Errorf("not an NCSN++: it wants all_modules.%d.Conv_0.weight, of four dimensions", at)
		}
		c.Multipliers = append(c.Multipliers, out[0]/c.Base)
		if strings.HasPrefix(level, "ba") {
			c.Attention = append(c.Attention, c.Height>>i)
		}
		at += len(level) + 2
	}
	if err := c.Validate(); err != nil {
		return c, "", fmt.Errorf("of what shapes do not tell (size, centered) something is assumed wrongly: %w", err)
	}
	data := "in [0, 1]"
	if c.Centered {
		data = "in [-1, 1]"
	}
	return c, fmt.Sprintf("NCSN++ with nf %d, multipliers %v, %d blocks a level, attention at %v, %d channels; assumed are images of %d x %d, %s, and the filter 1, 3, 3, 1",
		c.Base, c.Multipliers, c.Blocks, c.Attention, c.Channels, c.Height, c.Width, data), nil
}

// sequence is a letter for each module from number 4 on: b for a block, a for attention, c for a combination, n for a norm, o for a
// convolution of the output.
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
