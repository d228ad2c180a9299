package strict

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

// A Complaint is a mistake in a file.
type Complaint struct {
	Key     string // full name: "train.noise.kind", "walk[1].name"
	Message string // what is wrong, and what would be right
	line    int
}

// Read reads a file's source into t. The file's name is only for errors. An error has one line for each mistake, in the
// order of the file.
func Read(file, source string, t Table) error {
	var values map[string]any
	meta, err := toml.Decode(source, &values)
	if err != nil {
		var syntax toml.ParseError
		if errors.As(err, &syntax) {
			return fmt.Errorf("%s:%d: %s", file, syntax.Position.Line, syntax.Message)
		}
		return fmt.Errorf("%s: %w", file, err)
	}
	r := &reader{lines: locate(source), keys: meta.Keys()}
	r.table("", values, t)
	slices.SortStableFunc(r.complaints, func(a, b Complaint) int { return cmp.Compare(a.line, b.line) })
	errs := make([]error, len(r.complaints))
	for i, c := range r.complaints {
		errs[i] = fmt.Errorf("%s:%d: %s: %s", file, c.line, c.Key, c.Message)
	}
	return errors.Join(errs...)
}

// Fill reads a table that has been decoded already. The complaints' keys are named from this table on.
func Fill(values map[string]any, t Table) []Complaint {
	var r reader
	r.table("", values, t)
	return r.complaints
}

// A reader fills the tables of one file and collects the mistakes.
type reader struct {
	lines      map[string]int // line of every key, by full name
	keys       []toml.Key     // all keys, in the order of the file
	complaints []Complaint
}

// table reads the table with the full name at.
func (r *reader) table(at string, values map[string]any, t Table) {
	before := len(r.complaints)
	known := map[string]bool{}
	read := func(f Field) {
		known[f.key] = true
		place := Place{r, join(at, f.key), values}
		if value, ok := values[f.key]; ok {
			f.read(place, value)
		} else {
			f.absent(place)
		}
	}
	first := t.Fields()[0]
	read(first)
	menu := first.about.kinds != nil
	if menu && len(r.complaints) > before {
		return // without a kind, nobody knows which other keys are right
	}
	for _, f := range t.Fields()[1:] {
		read(f)
	}
	valid := slices.Sorted(maps.Keys(known))
	for _, key := range slices.Sorted(maps.Keys(values)) {
		if known[key] {
			continue
		}
		which := "unknown key"
		if menu {
			which = fmt.Sprintf("unknown key of kind %q", values["kind"])
		}
		r.complain(join(at, Quote(key)), which+"; "+Hint(key, valid))
	}
	if c, ok := t.(Checker); ok && len(r.complaints) == before {
		c.Check(func(key, message string) { r.complain(join(at, key), message) })
	}
}

// complain notes a mistake. A key that is missing gets the line of the table it belongs to.
func (r *reader) complain(key, message string) {
	line := 1
	for known := key; known != ""; known = known[:max(0, strings.LastIndexAny(known, ".["))] {
		if l, ok := r.lines[known]; ok {
			line = l
			break
		}
	}
	r.complaints = append(r.complaints, Complaint{key, message, line})
}

// A Place is a key of a file that is being read.
type Place struct {
	r        *reader
	name     string         // full name of the key
	siblings map[string]any // the table that the key belongs to, decoded
}

// Complain notes a mistake at the key.
func (p Place) Complain(message string) { p.r.complain(p.name, message) }

// Inner is the place of a key of the table at p.
func (p Place) Inner(key string) Place { return Place{r: p.r, name: join(p.name, Quote(key))} }

// Sibling returns the value of another key of the same table, as the TOML library decodes it, or nil. An Inner place
// has no siblings.
func (p Place) Sibling(key string) any { return p.siblings[key] }

// Keys returns the keys of the table at p, a table of the file itself, in the order of the file.
func (p Place) Keys() []string {
	var keys []string
	for _, k := range p.r.keys {
		if len(k) > 1 && k[0] == p.name && !slices.Contains(keys, k[1]) {
			keys = append(keys, k[1])
		}
	}
	return keys
}

// Mistakes returns the number of mistakes found in the file so far.
func (p Place) Mistakes() int { return len(p.r.complaints) }

// join returns the full name of a key of the table with the full name at. The file itself has the name "".
func join(at, key string) string {
	if at == "" {
		return key
	}
	return at + "." + key
}

// Quote writes a key as TOML does: in quotes if it has other characters than letters, digits, - and _.
func Quote(key string) string { return toml.Key{key}.String() }
