package experiments

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/BurntSushi/toml"
)

// Encode writes the experiment as TOML with every default filled in. Parse reads it
// back to the same experiment, except for its name, which is not part of the file. An
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
	if g, ok := f.value().(group); ok {
		return f.key + " = { " + strings.Join(pairs(g), ", ") + " }"
	}
	return f.key + " = " + scalar(f.value())
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
