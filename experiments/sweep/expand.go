package sweep

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"tweedie/experiments/strict"
)

// maxVariants bounds the number of variants of a sweep.
const maxVariants = 10000

// A Variant is a table with one value of each axis.
type Variant[T any] struct {
	Table T
	Base  string // name of the table before it was changed
	Name  string // Base and the labels of the values; files can be named by it, and all variants differ in it
	At    []int  // which value it has of each axis
}

// A ReadTable reads a decoded table. The complaints' keys are named from this table on, as those of strict.Fill.
type ReadTable[T any] func(values map[string]any) (T, []strict.Complaint)

// Expand makes the variants of all tables, in the order of the tables, with the last axis changing fastest. Read reads
// a table after its values have been set, as strictly as one in the file. The sweep stands at p; of each axis, only the
// first mistake is reported.
func Expand[T any](p strict.Place, s Sweep, of Tables, read ReadTable[T]) []Variant[T] {
	tables, _ := p.Sibling(of.Key).([]map[string]any)
	total := len(tables)
	for _, a := range s {
		total = min(total, maxVariants+1) * len(a.values)
	}
	switch {
	case total == 0:
		p.Complain(fmt.Sprintf("has no [[%s]] to change", of.Key))
		return nil
	case total > maxVariants:
		p.Complain(fmt.Sprintf("makes more than %d %ss", maxVariants, of.Key))
		return nil
	}
	var variants []Variant[T]
	reported, names := map[string]bool{}, map[string]bool{}
	for _, values := range tables {
		base := fmt.Sprint(values["name"])
		for at := range s.positions() {
			table, wrong := variant(s, values, at, read)
			for _, c := range wrong {
				k := s.blamed(c.Key)
				if a := s[k]; !reported[a.Key] {
					reported[a.Key] = true
					p.Inner(a.Key).Complain(fmt.Sprintf("with %s in %s %q: %s: %s",
						strict.Inline(a.values[at[k]]), of.Key, base, c.Key, c.Message))
				}
			}
			variants = append(variants, Variant[T]{table, base, s.nameOf(base, at, names), at})
		}
	}
	return variants
}

// variant reads a table after one value of each axis has been set. The complaints' keys are those of the table.
func variant[T any](s Sweep, values map[string]any, at []int, read ReadTable[T]) (T, []strict.Complaint) {
	changed := clone(values)
	for k, a := range s {
		if err := set(changed, strings.Split(a.Key, "."), a.values[at[k]]); err != nil {
			return *new(T), []strict.Complaint{{Key: a.Key, Message: err.Error()}}
		}
	}
	return read(changed)
}

// positions yields every combination of the axes' values, as one index for each axis. The last axis changes fastest.
func (s Sweep) positions() iter.Seq[[]int] {
	return func(yield func([]int) bool) {
		at := make([]int, len(s))
		for k := 0; k >= 0; {
			if !yield(slices.Clone(at)) {
				return
			}
			for k = len(at) - 1; k >= 0; k-- {
				if at[k]++; at[k] < len(s[k].values) {
					break
				}
				at[k] = 0
			}
		}
	}
}

// set sets the value at a path of a table. It makes inner tables that are missing on the way.
func set(table map[string]any, path []string, value any) error {
	for _, key := range path[:len(path)-1] {
		if table[key] == nil {
			table[key] = map[string]any{}
		}
		inner, ok := table[key].(map[string]any)
		if !ok {
			return fmt.Errorf("%s is no table", strict.Quote(key))
		}
		table = inner
	}
	if inner, ok := value.(map[string]any); ok {
		value = clone(inner)
	}
	table[path[len(path)-1]] = value
	return nil
}

// clone copies a table and its inner tables. Lists are shared, since set does not change them.
func clone(table map[string]any) map[string]any {
	c := make(map[string]any, len(table))
	for key, value := range table {
		if inner, ok := value.(map[string]any); ok {
			value = clone(inner)
		}
		c[key] = value
	}
	return c
}

// blamed returns the index of the axis that a mistake in a key of the table is due to: the one that shares most parts
// with the key. Of several, an axis that sets the key or a table around it comes before one that sets a part of it, and
// a later one before an earlier one.
func (s Sweep) blamed(key string) int {
	blamed, best := 0, -1
	parts := strings.Split(key, ".")
	for k, a := range s {
		changed := strings.Split(a.Key, ".")
		common := 0
		for common < min(len(changed), len(parts)) && changed[common] == parts[common] {
			common++
		}
		score := 2 * common
		if common == len(changed) {
			score++
		}
		if score >= best {
			blamed, best = k, score
		}
	}
	return blamed
}
