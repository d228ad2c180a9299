package checkpoint

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Set returns the tensors of a set: "parameters", "ema", "adam.m" or "adam.v".
func (c *Checkpoint) Set(name string) (map[string]Tensor, error) {
	sets := map[string]map[string]Tensor{"parameters": c.Parameters, "ema": c.EMA, "adam.m": c.Adam1, "adam.v": c.Adam2}
	set, ok := sets[name]
	if !ok {
		return nil, fmt.Errorf("no set of tensors is called %q; parameters, ema, adam.m and adam.v are", name)
	}
	return set, nil
}

// Match compares the names and shapes of a set of tensors ("parameters", "ema",
// "adam.m" or "adam.v") with those that a network wants. Its error, of one line,
// counts the tensors that are missing, unexpected or of another shape, and names
// the first few; the caller adds the file's name.
func (c *Checkpoint) Match(set string, want map[string][]int) error {
	have, err := c.Set(set)
	if err != nil {
		return err
	}
	if len(have) == 0 && len(want) > 0 {
		return fmt.Errorf("the checkpoint holds no %s, only %d parameters", set, len(c.Parameters))
	}
	var missing, unexpected, reshaped []string
	for _, name := range slices.Sorted(maps.Keys(want)) {
		t, ok := have[name]
		if !ok {
			missing = append(missing, fmt.Sprintf("%s %v", name, want[name]))
		} else if !slices.Equal(t.Shape, want[name]) {
			reshaped = append(reshaped, fmt.Sprintf("%s is %v, not %v", name, t.Shape, want[name]))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(have)) {
		if _, ok := want[name]; !ok {
			unexpected = append(unexpected, fmt.Sprintf("%s %v", name, have[name].Shape))
		}
	}
	var parts []string
	for _, p := range []struct {
		what  string
		names []string
	}{{"missing", missing}, {"unexpected", unexpected}, {"of another shape", reshaped}} {
		if n := len(p.names); n > 0 {
			if n > 3 {
				p.names = append(p.names[:3], "...")
			}
			parts = append(parts, fmt.Sprintf("%d %s (%s)", n, p.what, strings.Join(p.names, "; ")))
		}
	}
	if len(parts) == 0 {
		return nil
	}
	return errors.New("a checkpoint of another architecture: of its " + set + ", " + strings.Join(parts, ", "))
}
