package strict

import (
	"fmt"
	"strings"
)

// Hint suggests the valid name that was probably meant or, if none is near, lists all of them.
func Hint(name string, valid []string) string {
	if near, ok := Nearest(name, valid); ok {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return "valid are " + Quoted(valid)
}

// Quoted lists names in quotes.
func Quoted(names []string) string {
	return `"` + strings.Join(names, `", "`) + `"`
}

// Nearest returns the valid name that differs from the given one by the fewest edits. It accepts edits of up to a third
// of the letters, and always one edit.
func Nearest(name string, valid []string) (near string, ok bool) {
	least := max(1, len(name)/3) + 1
	for _, v := range valid {
		if d := edits(strings.ToLower(name), v); d < least {
			near, least, ok = v, d, true
		}
	}
	return near, ok
}

// edits returns the Damerau-Levenshtein distance of a and b (optimal string alignment): how many letters must be
// inserted, deleted, replaced or exchanged with their neighbour to turn a into b.
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

// quotedOr lists names for the reference: "a", "b" or "c".
func quotedOr(names []string) string {
	if len(names) < 2 {
		return Quoted(names)
	}
	last := len(names) - 1
	return Quoted(names[:last]) + ` or "` + names[last] + `"`
}
