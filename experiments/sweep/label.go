package sweep

import (
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"tweedie/experiments/strict"
)

// labels names the values of an axis, each differently.
func labels(values []any, paths bool) []string {
	labels := make([]string, len(values))
	for i, v := range values {
		switch v := v.(type) {
		case float64:
			labels[i] = strings.Replace(strconv.FormatFloat(v, 'g', -1, 64), "e+", "e", 1)
		case map[string]any:
			labels[i] = tableLabel(v, values)
		case string:
			labels[i] = v
			if paths {
				labels[i] = pathLabel(v, values)
			}
		default:
			labels[i] = fmt.Sprint(v)
		}
	}
	seen := map[string]bool{}
	for i, l := range labels {
		labels[i] = unique(l, seen)
	}
	return labels
}

// tableLabel is a table's kind, if it has one. If other values have the same kind, the scalars in which they differ
// follow.
func tableLabel(table map[string]any, values []any) string {
	var parts []string
	if kind, ok := table["kind"]; ok {
		parts = append(parts, fmt.Sprint(kind))
	}
	for _, key := range slices.Sorted(maps.Keys(table)) {
		switch table[key].(type) {
		case []any, map[string]any:
			continue
		}
		differs := func(v any) bool {
			other, ok := v.(map[string]any)
			return ok && equal(other["kind"], table["kind"]) && !equal(other[key], table[key])
		}
		if slices.ContainsFunc(values, differs) {
			parts = append(parts, fmt.Sprintf("%s %v", key, table[key]))
		}
	}
	if len(parts) == 0 {
		return "table"
	}
	return strings.Join(parts, ", ")
}

func equal(a, b any) bool { return fmt.Sprint(a) == fmt.Sprint(b) }

// pathLabel is the last element of a path, or the whole path if another value has the same last element.
func pathLabel(path string, values []any) string {
	for _, other := range values {
		if other, ok := other.(string); ok && other != path && filepath.Base(other) == filepath.Base(path) {
			return path
		}
	}
	return filepath.Base(path)
}

// numbers returns the values if all of them are numbers, and otherwise nil.
func numbers(values []any) []float64 {
	var list []float64
	if !strict.Convert(values, &list) {
		return nil
	}
	return list
}

// longestName is in bytes, so that files can be named by it and an extension.
const longestName = 120

var notInNames = regexp.MustCompile(`[^a-zA-Z0-9_.]+`)

// nameOf names a variant so that files can be named by it. The name differs from those given before, and joins them.
func (s Sweep) nameOf(base string, at []int, before map[string]bool) string {
	parts := []string{base}
	for k, a := range s {
		parts = append(parts, notInNames.ReplaceAllString(a.Labels[at[k]], "-"))
	}
	joined := strings.Join(parts, "-")
	return unique(joined[:min(len(joined), longestName)], before)
}

// unique returns the text, with a number at its end if it has been seen before, and adds it to those seen.
func unique(text string, seen map[string]bool) string {
	different := text
	for n := 2; seen[different]; n++ {
		different = fmt.Sprintf("%s-%d", text, n)
	}
	seen[different] = true
	return different
}
