package experiments

import (
	"fmt"
	"slices"
	"strings"
)

// An Axis is a key of the table [sweep]: a setting of the walks, and the values it takes in turn.
type Axis struct {
	Key     string    // where the setting stands in [[walk]]: "step.epsilon", "schedule"
	Labels  []string  // of the values, all different: "0.4", a table's kind, the base name of a checkpoint
	Numbers []float64 // the values, if all are numbers; otherwise nil

	values []any // as decoded from TOML
}

// A Combination is a walk with one value of each axis. Its Name is Base and the labels, and unlike all others.
type Combination struct {
	Walk
	Base string // the name of its table [[walk]]
	At   []int  // its value on each of Axes; empty without a sweep
}

// sweep is the table [sweep].
type sweep struct {
	axes         []Axis
	written      map[string]map[string]any // the walks by name as the file has them, without samples and defaults: those depend on what is swept
	combinations []Combination
}

// Axes returns the settings that the experiment sweeps, in the order of the file.
func (e *Experiment) Axes() []Axis { return e.sweep.axes }

// Combinations returns the walks to run: Walks themselves, or each of them with every combination of the axes' values, the last axis
// fastest. Of Walks that have been changed after reading, a sweep heeds which there are and their Samples.
func (e *Experiment) Combinations() []Combination {
	var all []Combination
	for _, w := range e.Walks {
		if len(e.sweep.axes) == 0 {
			all = append(all, Combination{Walk: w, Base: w.Name})
		}
		for _, c := range e.sweep.combinations {
			if c.Base == w.Name {
				c.Samples = w.Samples
				all = append(all, c)
			}
		}
	}
	return all
}

// sweepField reads the table [sweep] and makes the combinations, if the rest of the file is right so far.
func (e *Experiment) sweepField() field {
	return field{
		key: "sweep",
		read: func(r *reader, at string, value any) {
			values, ok := value.(map[string]any)
			if !ok {
				r.complain(at, shown(value)+" must be a table")
				return
			}
			e.sweep.axes = r.axes(at, values)
			if len(r.complaints) == 0 && len(e.sweep.axes) > 0 {
				e.expand(r, at)
			}
		},
		absent: func(*reader, string) {},
		value: func() any {
			if len(e.sweep.axes) == 0 {
				return nil
			}
			return &e.sweep
		},
	}
}

// fields are for writing.
func (s *sweep) fields() []field {
	var fields []field
	for _, a := range s.axes {
		fields = append(fields, field{key: name(a.Key), value: func() any { return verbatim(inline(a.values)) }})
	}
	return fields
}

// axes reads the keys of the table [sweep] in the order of the file.
func (r *reader) axes(at string, values map[string]any) []Axis {
	var axes []Axis
	seen := map[string]bool{}
	for _, key := range r.order {
		if len(key) < 2 || key[0] != at || seen[key[1]] {
			continue
		}
		a := Axis{Key: key[1]}
		seen[a.Key] = true
		complain := func(message string) { r.complain(join(at, name(a.Key)), message) }
		switch list := values[a.Key].(type) {
		case []any:
			a.values = list
		case []map[string]any:
			for _, v := range list {
				a.values = append(a.values, v)
			}
		case map[string]any:
			complain(fmt.Sprintf("a table must be a list of values; a key with dots is written in quotes: %q = [...]", a.Key+".KEY"))
			continue
		default:
			complain(shown(list) + " must be a list of values")
			continue
		}
		if wrong := wrongAxis(a, axes); wrong != "" {
			complain(wrong)
			continue
		}
		a.Labels, a.Numbers = labels(a.Key, a.values), numbers(a.values)
		axes = append(axes, a)
	}
	return axes
}

// wrongAxis returns what is wrong with an axis by itself or after others, or "".
func wrongAxis(a Axis, before []Axis) string {
	switch {
	case a.Key == "name":
		return "cannot be swept: the walks of a sweep are named by their values"
	case a.Key == "samples":
		return "cannot be swept: scores of different numbers of samples cannot be compared"
	case len(a.values) == 0:
		return "must be a list of at least one value"
	}
	for i, v := range a.values {
		switch v.(type) {
		case string, bool, int64, float64, map[string]any:
		default:
			return fmt.Sprintf("%s must be a number, a string, true, false or a table", inline(v))
		}
		if slices.ContainsFunc(a.values[:i], func(other any) bool { return inline(other) == inline(v) }) {
			return inline(v) + " is there twice"
		}
	}
	for _, other := range before {
		if strings.HasPrefix(other.Key, a.Key+".") {
			return fmt.Sprintf("undoes %q before it; must come first", other.Key)
		}
	}
	return ""
}

// walksField is the array of tables [[walk]].
func (e *Experiment) walksField() field {
	f := tables("walk", &e.Walks)
	complete := f.value
	f.value = func() any {
		if len(e.sweep.axes) == 0 {
			return complete()
		}
		groups := make([]group, len(e.Walks))
		for i := range e.Walks {
			groups[i] = bare{&e.Walks[i], e.sweep.written[e.Walks[i].Name]}
		}
		return groups
	}
	return f
}

// bare is a walk as its file has it, without defaults, for writing.
type bare struct {
	walk    *Walk
	written map[string]any
}

func (b bare) fields() []field {
	var fields []field
	for _, f := range b.walk.fields() {
		value, ok := b.written[f.key]
		switch {
		case f.key == "samples":
			fields = append(fields, f)
		case ok:
			fields = append(fields, field{key: f.key, value: func() any { return verbatim(inline(value)) }})
		}
	}
	return fields
}
