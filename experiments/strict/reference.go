package strict

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// about holds what the reference says of a key.
type about struct {
	typ      string
	fallback string // Markdown; "": the key is required
	doc      string
	inner    func() Table       // an empty table, if the key is one
	repeated bool               // the key is an array of tables
	kinds    func() []kindAbout // of the key "kind" of a Menu
}

type kindAbout struct {
	name, doc string
	fields    []Field
}

func aboutValue[T any](rules []Rule[T]) about {
	var v T
	words := []string{strings.TrimPrefix(strings.TrimPrefix(typeOf(v), "a "), "an ")}
	for _, rule := range rules {
		if strings.HasPrefix(rule.Limit, `"`) {
			words = nil // a list of the possible strings says enough
		}
		words = append(words, rule.Limit)
	}
	return about{typ: strings.ReplaceAll(strings.Join(words, ", "), "finite number", "number")}
}

// Reference documents every key of t, an empty table, and of the tables in it, as Markdown. Each table is a section
// with a heading of level 2 or more. A key or a kind without a meaning is an error, which names it.
func Reference(t Table) (string, error) {
	var w referenceWriter
	w.section("", t)
	return w.String(), errors.Join(w.missing...)
}

type referenceWriter struct {
	strings.Builder
	missing []error
}

// A row documents a key, of all kinds of its table if kinds is empty.
type row struct {
	Field
	kinds []string
}

// section documents the keys of the table with the full name at, then those of the tables in it.
func (w *referenceWriter) section(at string, t Table) {
	var kinds []kindAbout
	var rows []row
	for _, f := range t.Fields() {
		if f.about.kinds == nil {
			rows = append(rows, row{Field: f})
			continue
		}
		kinds = f.about.kinds()
		for _, k := range kinds {
			for _, f := range k.fields {
				rows = add(rows, f, k.name)
			}
		}
	}
	head := []string{"key", "type", "default", "meaning"}
	if kinds != nil {
		w.kinds(at, kinds)
		head = slices.Insert(head, 1, "of kind")
	}
	w.table(head, rows, func(r row) []string {
		cells := []string{code(r.key), w.typ(at, r.Field), r.fallback(), w.meaning(join(at, r.key), r.about.doc)}
		if kinds != nil {
			cells = slices.Insert(cells, 1, r.ofKinds(len(kinds)))
		}
		return cells
	})
	for _, r := range rows {
		if r.about.inner == nil {
			continue
		}
		name := join(at, r.key)
		level := strings.Repeat("#", 2+strings.Count(name, "."))
		fmt.Fprintf(w, "\n%s `%s`\n\n%s.\n", level, r.header(at), sentence(r.about.doc))
		w.section(name, r.about.inner())
	}
}

// kinds lists the kinds of a table with the keys that go with each.
func (w *referenceWriter) kinds(at string, kinds []kindAbout) {
	w.WriteString("\n| `kind` | meaning | keys of its own |\n|---|---|---|\n")
	for _, k := range kinds {
		var keys []string
		for _, f := range k.fields {
			keys = append(keys, code(f.key))
		}
		doc := w.meaning(fmt.Sprintf("%s, kind %q", at, k.name), k.doc)
		fmt.Fprintf(w, "| %s | %s | %s |\n", code(`"`+k.name+`"`), doc, strings.Join(keys, ", "))
	}
}

func (w *referenceWriter) table(head []string, rows []row, cells func(row) []string) {
	if len(rows) == 0 {
		return
	}
	fmt.Fprintf(w, "\n| %s |\n|%s\n", strings.Join(head, " | "), strings.Repeat("---|", len(head)))
	for _, r := range rows {
		line := cells(r)
		for i, cell := range line {
			line[i] = strings.ReplaceAll(cell, "|", `\|`)
		}
		fmt.Fprintf(w, "| %s |\n", strings.Join(line, " | "))
	}
}

// typ is the type of a key; that of a table is a link to its section.
func (w *referenceWriter) typ(at string, f Field) string {
	if f.about.inner == nil {
		return f.about.typ
	}
	anchor := strings.ReplaceAll(strings.ToLower(join(at, f.key)), ".", "")
	return fmt.Sprintf("[%s](#%s)", f.about.typ, anchor)
}

func (w *referenceWriter) meaning(name, doc string) string {
	if doc == "" {
		w.missing = append(w.missing, fmt.Errorf("%s has no meaning", name))
	}
	return doc
}

// header is how the table of a key begins in a file.
func (r row) header(at string) string {
	switch {
	case r.about.repeated:
		return "[[" + join(at, r.key) + "]]"
	case at == "":
		return "[" + r.key + "]"
	}
	return join(at, r.key)
}

func (r row) fallback() string {
	if r.about.fallback == "" {
		return "required"
	}
	return r.about.fallback
}

func (r row) ofKinds(all int) string {
	if len(r.kinds) == 0 || len(r.kinds) == all {
		return "all"
	}
	quoted := make([]string, len(r.kinds))
	for i, k := range r.kinds {
		quoted[i] = code(k)
	}
	return strings.Join(quoted, ", ")
}

// add adds a key of a kind to the rows. A key that is the same in several kinds has one row.
func add(rows []row, f Field, kind string) []row {
	i := slices.IndexFunc(rows, func(r row) bool {
		same := r.about.typ == f.about.typ && r.about.fallback == f.about.fallback && r.about.doc == f.about.doc
		return len(r.kinds) > 0 && r.key == f.key && same
	})
	if i < 0 {
		return append(rows, row{f, []string{kind}})
	}
	rows[i].kinds = append(rows[i].kinds, kind)
	return rows
}

func code(text string) string { return "`" + text + "`" }

func sentence(text string) string {
	if text == "" {
		return text
	}
	return strings.ToUpper(text[:1]) + text[1:]
}
