package experiments

import (
	"fmt"
	"strings"
)

// hint says which of the valid names was meant or, if none is near, which there are.
func hint(name string, valid []string) string {
	if near, ok := nearest(name, valid); ok {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return "valid are " + quoted(valid)
}

func quoted(names []string) string {
	return `"` + strings.Join(names, `", "`) + `"`
}

// nearest returns the valid name that differs from the given one by the fewest edits,
// if by no more than a third of its letters, or one.
func nearest(name string, valid []string) (near string, ok bool) {
	least := max(1, len(name)/3) + 1
	for _, v := range valid {
		if d := edits(strings.ToLower(name), v); d < least {
			near, least, ok = v, d, true
		}
	}
	return near, ok
}

// edits is the Damerau-Levenshtein distance (optimal string alignment): the number of
// letters inserted, deleted, replaced or exchanged with their neighbour between a and b.
func edits(a, b string) int {
	d := make([][]int, len(a)+1) // d[i][j] is the distance of a[:i] and b[:j]
	for i := range d {
		d[i] = make([]int, len(b)+1)
		d[i][0] = i
	}
	for j := range d[0] {
		d[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			replaced := d[i-1][j-1]
			if a[i-1] != b[j-1] {
				replaced++
			}
			d[i][j] = min(d[i-1][j]+1, d[i][j-1]+1, replaced)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(a)][len(b)]
}
