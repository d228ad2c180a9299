package experiments

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

// A reader fills the groups of one file and collects what is wrong.
type reader struct {
	lines      map[string]int // of every key in the file
	order      []toml.Key     // the keys as they follow each other in the file
	whole      map[string]any // the file
	complaints []complaint
}

type complaint struct {
	line        int
	at, message string // the key's full name, and what is wrong with it
}

// read fills g from the source. Its error has a line for each complaint.
func read(file, source string, g group) error {
	var values map[string]any
	meta, err := toml.Decode(source, &values)
	if err != nil {
		var syntax toml.ParseError
		if errors.As(err, &syntax) {
			return fmt.Errorf("%s:%d: %s", file, syntax.Position.Line, syntax.Message)
		}
		return fmt.Errorf("%s: %w", file, err)
	}
	r := &reader{lines: locate(source), order: meta.Keys(), whole: values}
	r.table("", values, g)
	slices.SortStableFunc(r.complaints, func(a, b complaint) int { return cmp.Compare(a.line, b.line) })
	errs := make([]error, len(r.complaints))
	for i, c := range r.complaints {
		errs[i] = fmt.Errorf("%s:%d: %s: %s", file, c.line, c.at, c.message)
	}
	return errors.Join(errs...)
}

// table reads the table of full name at.
func (r *reader) table(at string, values map[string]any, g group) {
	before := len(r.complaints)
	known := map[string]bool{}
	take := func(f field) {
		known[f.key] = true
		if value, ok := values[f.key]; ok {
			f.read(r, join(at, f.key), value)
		} else {
			f.absent(r, join(at, f.key))
		}
	}
	first := g.fields()[0]
	take(first)
	if first.key == "kind" && len(r.complaints) > before {
		return // there is no telling which other keys are right
	}
	for _, f := range g.fields()[1:] {
		take(f)
	}
	valid := slices.Sorted(maps.Keys(known))
	for _, key := range slices.Sorted(maps.Keys(values)) {
		if known[key] {
			continue
		}
		which := "unknown key"
		if first.key == "kind" {
			which = fmt.Sprintf("unknown key of kind %q", values["kind"])
		}
		r.complain(join(at, name(key)), which+"; "+hint(key, valid))
	}
	if c, ok := g.(checker); ok && len(r.complaints) == before {
		c.check(func(key, message string) { r.complain(join(at, key), message) })
	}
}

// complain notes what is wrong with the key of full name at. A key that is missing has
// the line of the table it should be in.
func (r *reader) complain(at, message string) {
	line := 1
	for known := at; known != ""; known = known[:max(0, strings.LastIndexAny(known, ".["))] {
		if l, ok := r.lines[known]; ok {
			line = l
			break
		}
	}
	r.complaints = append(r.complaints, complaint{line, at, message})
}

// join returns the full name of a key of the table at; the experiment itself is "".
func join(at, key string) string {
	if at == "" {
		return key
	}
	return at + "." + key
}

// name writes a key as TOML does: in quotes if it is not of letters, digits, - and _.
func name(key string) string { return toml.Key{key}.String() }
