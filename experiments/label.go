package experiments

import (
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// labels names the values of a sweep's axis, all of them differently.
func labels(key string, values []any) []string {
	labels := make([]string, len(values))
	for i, v := range values {
		switch v := v.(type) {
		case float64:
			labels[i] = strings.Replace(strconv.FormatFloat(v, 'g', -1, 64), "e+", "e", 1)
		case map[string]any:
			labels[i] = labelOf(v, values)
		case string:
			labels[i] = v
			if key == "checkpoint" {
				labels[i] = baseUnlike(v, values)
			}
		default:
			labels[i] = fmt.Sprint(v)
		}
	}
	seen := map[string]bool{}
	for i, l := range labels {
		labels[i] = unlike(seen, l)
	}
	return labels
}

// labelOf is a table's kind, and where others are of the same kind, those of its scalars that are not the same in all of them.
func labelOf(table map[string]any, values []any) string {
	parts := []string{fmt.Sprint(table["kind"])}
	for _, key := range slices.Sorted(maps.Keys(table)) {
		switch table[key].(type) {
		case []any, map[string]any:
			continue
		}
		differs := func(v any) bool {
			other, ok := v.(map[string]any)
			return ok && same(other["kind"], table["kind"]) && !same(other[key], table[key])
		}
		if slices.ContainsFunc(values, differs) {
			parts = append(parts, fmt.Sprintf("%s %v", key, table[key]))
		}
	}
	return strings.Join(parts, ", ")
}

func same(a, b any) bool { return fmt.Sprint(a) == fmt.Sprint(b) }

// baseUnlike is the base name of a checkpoint, or its whole path where another has that base name.
func baseUnlike(path string, values []any) string {
	for _, other := range values {
		if other, ok := other.(string); ok && other != path && filepath.Base(other) == filepath.Base(path) {
			return path
		}
	}
	return filepath.Base(path)
}

// numbers returns the values if all are numbers, or nil.
func numbers(values []any) []float64 {
	list, ok := convertList[float64](values)
	if !ok {
		return nil
	}
	return list
}

// A longer name may be too long for a file.
const longestName = 120

var notInNames = regexp.MustCompile(`[^a-zA-Z0-9_.]+`)

// nameOf names a combination so that files can be named by it, and adds the name to those given before, from which it differs.
func (s *sweep) nameOf(base string, position []int, before map[string]bool) string {
	parts := []string{base}
	for k, a := range s.axes {
		parts = append(parts, notInNames.ReplaceAllString(a.Labels[position[k]], "-"))
	}
	joined := strings.Join(parts, "-")
	return unlike(before, joined[:min(len(joined), longestName)])
}

// unlike adds a text to those seen before, from which it differs by a number at its end if it must.
func unlike(seen map[string]bool, text string) string {
	unique := text
	for n := 2; seen[unique]; n++ {
		unique = fmt.Sprintf("%s-%d", text, n)
	}
	seen[unique] = true
	return unique
}
