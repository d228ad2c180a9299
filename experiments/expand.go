package experiments

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
)

// maxCombinations bounds what a sweep makes of an experiment's walks.
const maxCombinations = 10000

// expand makes the combinations of a sweep whose table is at. A walk with its values is read as strictly as one in the file, and of
// each axis the first mistake is told.
func (e *Experiment) expand(r *reader, at string) {
	s := &e.sweep
	total := len(e.Walks)
	for _, a := range s.axes {
		total = min(total, maxCombinations+1) * len(a.values)
	}
	switch {
	case total == 0:
		r.complain(at, "has no [[walk]] to change")
		return
	case total > maxCombinations:
		r.complain(at, fmt.Sprintf("makes more than %d walks", maxCombinations))
		return
	}
	told, names := map[string]bool{}, map[string]bool{}
	s.written = map[string]map[string]any{}
	for i, written := range r.whole["walk"].([]map[string]any) {
		base := e.Walks[i].Name
		s.written[base] = maps.Clone(written)
		delete(s.written[base], "samples") // which stands in Walks
		for position := range s.positions() {
			w, wrong := s.combine(written, position, e.Data)
			for _, c := range wrong {
				k := s.blamed(c.at)
				a := s.axes[k]
				if !told[a.Key] {
					told[a.Key] = true
					r.complain(join(at, name(a.Key)), fmt.Sprintf("with %s in walk %q: %s: %s", inline(a.values[position[k]]), base, c.at, c.message))
				}
			}
			w.Name = s.nameOf(base, position, names)
			s.combinations = append(s.combinations, Combination{Walk: w, Base: base, At: position})
		}
	}
}

// positions yields every combination of the axes' values by their numbers, the last axis fastest.
func (s *sweep) positions() iter.Seq[[]int] {
	return func(yield func([]int) bool) {
		at := make([]int, len(s.axes))
		for k := 0; k >= 0; {
			if !yield(slices.Clone(at)) {
				return
			}
			for k = len(at) - 1; k >= 0; k-- {
				if at[k]++; at[k] < len(s.axes[k].values) {
					break
				}
				at[k] = 0
			}
		}
	}
}

// combine reads a walk as it is written, but with a value of each axis in its place. A complaint's key is that in the walk.
func (s *sweep) combine(written map[string]any, position []int, d Data) (w Walk, wrong []complaint) {
	patched := cloned(written)
	for k, a := range s.axes {
		if err := patch(patched, strings.Split(a.Key, "."), a.values[position[k]]); err != nil {
			return w, []complaint{{at: a.Key, message: err.Error()}}
		}
	}
	var r reader
	r.table("", patched, &w)
	if len(r.complaints) == 0 {
		if err := w.Measurement.fits(d); err != nil {
			r.complain("measurement", err.Error())
		}
	}
	return w, r.complaints
}

// patch sets the value at a path of a table, and makes the tables on the way there.
func patch(table map[string]any, path []string, value any) error {
	for _, key := range path[:len(path)-1] {
		if table[key] == nil {
			table[key] = map[string]any{}
		}
		inner, ok := table[key].(map[string]any)
		if !ok {
			return fmt.Errorf("%s is no table", name(key))
		}
		table = inner
	}
	if inner, ok := value.(map[string]any); ok {
		value = cloned(inner)
	}
	table[path[len(path)-1]] = value
	return nil
}

// cloned copies a table and those in it; lists, which patch does not change, are shared.
func cloned(table map[string]any) map[string]any {
	c := make(map[string]any, len(table))
	for key, value := range table {
		if inner, ok := value.(map[string]any); ok {
			value = cloned(inner)
		}
		c[key] = value
	}
	return c
}

// blamed returns the number of the axis that a complaint about a key of the walk concerns: the one that has most of the key's parts in
// common with it, of those the one that sets it whole, and of those the last.
func (s *sweep) blamed(key string) int {
	blamed, most := 0, -1
	parts := strings.Split(key, ".")
	for k, a := range s.axes {
		own := strings.Split(a.Key, ".")
		common := 0
		for common < min(len(own), len(parts)) && own[common] == parts[common] {
			common++
		}
		score := 2 * common
		if common == len(own) {
			score++
		}
		if score >= most {
			blamed, most = k, score
		}
	}
	return blamed
}
