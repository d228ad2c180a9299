package experiments

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

// Encode writes the experiment as TOML with every default filled in. Parse reads it
// back to the same experiment, except for its name, which is not part of the file. The
// walks of a sweep are written without defaults, which may depend on what is swept. An
// experiment that Parse would refuse, such as one changed to have no steps, is an error.
func (e *Experiment) Encode() ([]byte, error) {
	var b bytes.Buffer
	for _, f := range e.fields() {
		header, groups := "[%s]", []group(nil)
		switch value := f.value().(type) {
		case group:
			groups = []group{value}
		case []group:
			header, groups = "[[%s]]", value
		case nil:
		default:
			fmt.Fprintln(&b, pair(f))
		}
		for _, g := range groups {
			fmt.Fprintf(&b, "\n"+header+"\n", f.key)
			for _, line := range pairs(g) {
				fmt.Fprintln(&b, line)
			}
		}
	}
	if _, err := Parse(e.Name, b.Bytes()); err != nil {
		return nil, fmt.Errorf("experiments: cannot encode an invalid experiment: %w", err)
	}
	return b.Bytes(), nil
}

// pairs writes each key of a group with its value.
func pairs(g group) []string {
	var lines []string
	for _, f := range g.fields() {
		if f.value() != nil {
			lines = append(lines, pair(f))
		}
	}
	return lines
}

func pair(f field) string {
	switch value := f.value().(type) {
	case group:
		return f.key + " = { " + strings.Join(pairs(value), ", ") + " }"
	case verbatim:
		return f.key + " = " + string(value)
	default:
		return f.key + " = " + scalar(value)
	}
}

// verbatim is a value as it stands in a file.
type verbatim string

// inline writes a value that was decoded from TOML on one line. A table has its kind first, and its other keys sorted.
func inline(value any) string {
	var items []string
	switch value := value.(type) {
	case []any:
		for _, v := range value {
			items = append(items, inline(v))
		}
		return "[" + strings.Join(items, ", ") + "]"
	case map[string]any:
		if kind, ok := value["kind"]; ok {
			items = append(items, "kind = "+inline(kind))
		}
		for _, key := range slices.Sorted(maps.Keys(value)) {
			if key != "kind" {
				items = append(items, name(key)+" = "+inline(value[key]))
			}
		}
		return "{ " + strings.Join(items, ", ") + " }"
	}
	return scalar(value)
}

// Encode writes the walk's table as TOML with every default filled in.
func (w Walk) Encode() string { return strings.Join(pairs(&w), "\n") + "\n" }

// A Setting is a key of a table with its value as TOML writes it, a string without quotes.
type Setting struct{ Key, Value string }

// Settings returns every key of the walk's table, those of tables in it as "step.epsilon", with every default filled in.
func (w Walk) Settings() []Setting { return settings("", &w) }

func settings(at string, g group) []Setting {
	var all []Setting
	for _, f := range g.fields() {
		switch value := f.value().(type) {
		case nil:
		case group:
			all = append(all, settings(join(at, f.key), value)...)
		case string:
			all = append(all, Setting{join(at, f.key), value})
		default:
			all = append(all, Setting{join(at, f.key), strings.TrimPrefix(pair(f), f.key+" = ")})
		}
	}
	return all
}

// scalar writes a number, string, boolean or list of them as the library does, which
// can write pairs only.
func scalar(value any) string {
	line, err := toml.Marshal(map[string]any{"x": value})
	if err != nil {
		panic(fmt.Sprintf("experiments: %v has no form in TOML: %v", value, err)) // a wrong type among the fields
	}
	return strings.TrimSpace(strings.TrimPrefix(string(line), "x = "))
}
