package checkpoint

import (
	"fmt"
	"strings"
	"testing"
)

func TestMatch(t *testing.T) {
	c := small()
	same := map[string][]int{"conv_in.weight": {4, 1, 3, 3}, "conv_in.bias": {4}, "scale": {}, "σ <embed>": {2, 3}}
	many := map[string][]int{}
	for i := range 50 {
		many[fmt.Sprintf("down.%02d.weight", i)] = []int{8}
	}
	for _, test := range []struct {
		name, set string
		want      map[string][]int
		errors    []string // parts of the error, none for a match
	}{
		{"the same", "parameters", same, nil},
		{"averages", "ema", same, nil},
		{"first moments", "adam.m", same, nil},
		{"second moments", "adam.v", same, nil},
		{"another network", "parameters", many, []string{"another architecture",
			"50 missing (down.00.weight [8]; down.01.weight [8]; down.02.weight [8]; ...)",
			"4 unexpected (conv_in.bias [4]; conv_in.weight [4 1 3 3]; scale []; ...)"}},
		{"color", "ema", map[string][]int{"conv_in.weight": {4, 3, 3, 3}, "conv_in.bias": {4}, "scale": {}, "out": {1}},
			[]string{
				"ema", "1 missing (out [1])", "1 unexpected (σ <embed> [2 3])",
				"1 of another shape (conv_in.weight is [4 1 3 3], not [4 3 3 3])"}},
		{"no such set", "adam", same, []string{`"adam"`, "adam.m"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := c.Match(test.set, test.want)
			if (err != nil) != (test.errors != nil) {
				t.Fatalf("error %v", err)
			}
			for _, part := range test.errors {
				if !strings.Contains(err.Error(), part) || strings.Contains(err.Error(), "\n") {
					t.Errorf("error %v\nlacks %s", err, part)
				}
			}
		})
	}
}
