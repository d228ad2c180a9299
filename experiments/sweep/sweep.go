// Package sweep makes many tables of a few: each of them with every combination of the values that some of its keys
// shall take.
//
// A sweep is itself a table of a TOML file. Each of its keys names a setting of the tables that are changed, and has
// the list of values that the setting takes in turn:
//
//	[sweep]
//	schedule = [{ kind = "linear", steps = 10 }, { kind = "cosine", steps = 10 }]
//	"schedule.steps" = [10, 100]
//
// makes four variants of each table. Values are set in the order of the file, so a later key may change a part of what
// an earlier one has set.
//
// The package must not know which tables it changes, or what their keys mean.
package sweep

import (
	"fmt"
	"slices"
	"strings"

	"tweedie/experiments/strict"
)

// Tables describes the array of tables that a sweep changes.
type Tables struct {
	Key   string            // of the array: "walk". Each table has a key "name"
	Fixed map[string]string // keys that cannot be swept, and why not: "name": "the walks are named by their values"
	Paths []string          // keys whose values are paths. These are labelled by their last element
}

// A Sweep is the axes of a table [sweep], in the order of the file.
type Sweep []Axis

// An Axis is a key of a sweep: a setting, and the values that it takes in turn.
type Axis struct {
	Key     string    // of the setting, in the table that is changed: "step.epsilon", "schedule"
	Labels  []string  // of the values, all different: "0.4", the kind of a table, the last element of a path
	Numbers []float64 // the values, if all of them are numbers; otherwise nil

	values []any // as decoded from TOML
}

// Fields are the axes, for writing.
func (s Sweep) Fields() []strict.Field {
	var fields []strict.Field
	for _, a := range s {
		fields = append(fields, strict.Custom(a.Key, nil, func() any { return strict.Raw{Value: a.values} }))
	}
	return fields
}

// Read reads the table [sweep], which stands at p.
func Read(p strict.Place, value any, of Tables) Sweep {
	values, ok := value.(map[string]any)
	if !ok {
		p.Complain(strict.Inline(value) + " must be a table")
		return nil
	}
	var s Sweep
	for _, key := range p.Keys() {
		list, wrong := listOf(key, values[key])
		a := Axis{Key: key, values: list}
		if wrong == "" {
			wrong = s.check(a, of)
		}
		if wrong != "" {
			p.Inner(key).Complain(wrong)
			continue
		}
		a.Labels, a.Numbers = labels(list, slices.Contains(of.Paths, key)), numbers(list)
		s = append(s, a)
	}
	return s
}

// listOf returns the values of an axis, or what is wrong with them.
func listOf(key string, value any) (values []any, wrong string) {
	switch value := value.(type) {
	case []any:
		return value, ""
	case []map[string]any:
		for _, v := range value {
			values = append(values, v)
		}
		return values, ""
	case map[string]any:
		return nil, fmt.Sprintf("a table must be a list of values; "+
			"a key with dots is written in quotes: %q = [...]", key+".KEY")
	}
	return nil, strict.Inline(value) + " must be a list of values"
}

// check returns what is wrong with an axis that follows those of s, or "".
func (s Sweep) check(a Axis, of Tables) string {
	if why, ok := of.Fixed[a.Key]; ok {
		return "cannot be swept: " + why
	}
	if len(a.values) == 0 {
		return "must be a list of at least one value"
	}
	for i, v := range a.values {
		switch v.(type) {
		case string, bool, int64, float64, map[string]any:
		default:
			return fmt.Sprintf("%s must be a number, a string, true, false or a table", strict.Inline(v))
		}
		same := func(other any) bool { return strict.Inline(other) == strict.Inline(v) }
		if slices.ContainsFunc(a.values[:i], same) {
			return strict.Inline(v) + " is there twice"
		}
	}
	for _, earlier := range s {
		if strings.HasPrefix(earlier.Key, a.Key+".") {
			return fmt.Sprintf("replaces %q, which is set before it; must come first", earlier.Key)
		}
	}
	return ""
}
