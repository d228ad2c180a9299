package registry

import (
	"fmt"
	"slices"
	"strings"

	"tweedie/experiments/strict"
)

// Levels are the settings that every U-Net has.
type Levels struct {
	Base        int
	Multipliers []int
	Blocks      int
	Attention   []int
}

// Fields are the keys of [net] that every U-Net has.
func (l *Levels) Fields() []strict.Field {
	return []strict.Field{
		strict.Required("base", &l.Base, strict.AtLeast(2), strict.Even).
			Doc("channels at full resolution, times the first multiplier"),
		strict.Required("multipliers", &l.Multipliers, strict.Each(strict.AtLeast(1))).
			Doc("channels of each level, in units of `base`; the resolution halves from level to level"),
		strict.Optional("blocks", &l.Blocks, 2, strict.AtLeast(1)).Doc("residual blocks at each level"),
		strict.Optional("attention", &l.Attention, []int{}, strict.EachOrNone(strict.AtLeast(1))).
			Doc("resolutions, in pixels on a side, at which attention follows each block"),
	}
}

// Check complains about attention at a resolution that no level has.
func (l *Levels) Check(side int, complain func(key, message string)) {
	sides := l.resolutions(side)
	for _, at := range l.Attention {
		if !slices.Contains(sides, at) {
			complain("attention", fmt.Sprintf("%d never occurs; images of %d pixels have resolutions %s",
				at, side, list(sides)))
		}
	}
}

// AttendCoarsest puts attention at the coarsest level alone, for square images of so many pixels on a side.
func (l *Levels) AttendCoarsest(side int) {
	l.Attention = l.resolutions(side)[len(l.Multipliers)-1:]
}

// resolutions returns the side of square images at each level. The network pads images so that each level can halve
// the side.
func (l *Levels) resolutions(side int) []int {
	deepest := len(l.Multipliers) - 1
	if deepest > 30 { // the network refuses as many; here 1 << deepest must not overflow
		return nil
	}
	padded := (side + 1<<deepest - 1) >> deepest << deepest
	sides := make([]int, len(l.Multipliers))
	for i := range sides {
		sides[i] = padded >> i
	}
	return sides
}

// list writes numbers as TOML does.
func list(numbers []int) string { return strings.ReplaceAll(fmt.Sprint(numbers), " ", ", ") }
