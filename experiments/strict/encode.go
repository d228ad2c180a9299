package strict

import (
	"bytes"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

// Encode writes a table as a file, with every default filled in. Plain keys come first, as TOML demands, then inner
// tables, headed by their keys. Encode does not check the values: an invalid table gives an invalid file.
func Encode(t Table) []byte {
	var keys, tables bytes.Buffer
	for _, f := range t.Fields() {
		switch value := f.value().(type) {
		case nil:
		case Table:
			fmt.Fprintf(&tables, "\n[%s]\n%s", f.key, Lines(value))
		case []Table:
			for _, inner := range value {
				fmt.Fprintf(&tables, "\n[[%s]]\n%s", f.key, Lines(inner))
			}
		default:
			fmt.Fprintln(&keys, pair(f))
		}
	}
	return append(keys.Bytes(), tables.Bytes()...)
}

// Lines writes each key of a table on a line of its own, with every default filled in.
func Lines(t Table) string {
	var b strings.Builder
	for _, line := range pairs(t) {
		b.WriteString(line + "\n")
	}
	return b.String()
}

func pairs(t Table) []string {
	var lines []string
	for _, f := range t.Fields() {
		if f.value() != nil {
			lines = append(lines, pair(f))
		}
	}
	return lines
}

func pair(f Field) string {
	switch value := f.value().(type) {
	case Table:
		return f.key + " = { " + strings.Join(pairs(value), ", ") + " }"
	case Raw:
		return Quote(f.key) + " = " + Inline(value.Value)
	default:
		return f.key + " = " + scalar(value)
	}
}

// Raw is a decoded value that is written as it was read, without defaults.
type Raw struct{ Value any }

// RawTable is a table that is written with the decoded Values of its keys, in the order of Table's fields. Keys without
// a value are left out. The keys in Live are written with the values that Table has now.
type RawTable struct {
	Table  Table
	Values map[string]any
	Live   []string
}

// Fields returns the keys that are written.
func (t RawTable) Fields() []Field {
	var fields []Field
	for _, f := range t.Table.Fields() {
		value, ok := t.Values[f.key]
		switch {
		case slices.Contains(t.Live, f.key):
			fields = append(fields, f)
		case ok:
			fields = append(fields, Custom(f.key, nil, func() any { return Raw{value} }))
		}
	}
	return fields
}

// Inline writes a decoded value on one line. A table has its kind first, then its other keys in alphabetical order.
func Inline(value any) string {
	var items []string
	switch value := value.(type) {
	case []any:
		for _, v := range value {
			items = append(items, Inline(v))
		}
		return "[" + strings.Join(items, ", ") + "]"
	case map[string]any:
		if kind, ok := value["kind"]; ok {
			items = append(items, "kind = "+Inline(kind))
		}
		for _, key := range slices.Sorted(maps.Keys(value)) {
			if key != "kind" {
				items = append(items, Quote(key)+" = "+Inline(value[key]))
			}
		}
		return "{ " + strings.Join(items, ", ") + " }"
	}
	return scalar(value)
}

// A Setting is a key of a table, and its value as TOML writes it but without quotes around a string.
type Setting struct{ Key, Value string }

// Settings returns every key of a table, with every default filled in. A key of an inner table is "inner.key".
func Settings(t Table) []Setting { return settings("", t) }

func settings(at string, t Table) []Setting {
	var all []Setting
	for _, f := range t.Fields() {
		switch value := f.value().(type) {
		case nil:
		case Table:
			all = append(all, settings(join(at, f.key), value)...)
		case string:
			all = append(all, Setting{join(at, f.key), value})
		default:
			all = append(all, Setting{join(at, f.key), strings.TrimPrefix(pair(f), f.key+" = ")})
		}
	}
	return all
}

// scalar writes a number, string, boolean or list of them. The TOML library writes only whole documents, and leaves out
// lists that are nil.
func scalar(value any) string {
	if list := reflect.ValueOf(value); list.Kind() == reflect.Slice && list.IsNil() {
		return "[]"
	}
	line, err := toml.Marshal(map[string]any{"x": value})
	if err != nil {
		panic(fmt.Sprintf("strict: %v has no form in TOML: %v", value, err)) // a field of a wrong type
	}
	return strings.TrimSpace(strings.TrimPrefix(string(line), "x = "))
}
