package strict

import (
	"fmt"
	"maps"
	"slices"
)

// A Menu holds the kinds of a table of type T, by the value of its key "kind". To add a kind is to add an entry. F is
// the type of the function that builds what a table of the kind stands for.
type Menu[T, F any] map[string]Kind[T, F]

// A Kind is an entry of a Menu.
type Kind[T, F any] struct {
	Doc   string           // meaning, for the reference
	Keys  func(*T) []Field // the keys that go with the kind; nil: none
	Build F
}

// Fields returns the key "kind" and, once it is known, the keys that go with it. A table's Fields starts with them.
func (m Menu[T, F]) Fields(kind *string, of *T) []Field {
	first := Required("kind", kind, m.rule()).TypeDoc("string").Doc("one of the kinds below")
	first.about.kinds = m.kinds
	fields := []Field{first}
	if k := m[*kind]; k.Keys != nil {
		fields = append(fields, k.Keys(of)...)
	}
	return fields
}

func (m Menu[T, F]) kinds() []kindAbout {
	var all []kindAbout
	for _, name := range slices.Sorted(maps.Keys(m)) {
		k := kindAbout{name: name, doc: m[name].Doc}
		if m[name].Keys != nil {
			k.fields = m[name].Keys(new(T))
		}
		all = append(all, k)
	}
	return all
}

func (m Menu[T, F]) rule() Rule[string] { return OneOf(slices.Sorted(maps.Keys(m))...) }

// Find returns the function of a kind. An unknown kind is an error that says which there are.
func (m Menu[T, F]) Find(kind string) (build F, err error) {
	if wrong := m.rule().Wrong(kind); wrong != "" {
		return build, fmt.Errorf("kind %q %s", kind, wrong)
	}
	return m[kind].Build, nil
}

// MustFind is Find for a kind that has been read from a file. It panics if the kind is unknown.
func (m Menu[T, F]) MustFind(kind string) F {
	build, err := m.Find(kind)
	if err != nil {
		panic("strict: " + err.Error())
	}
	return build
}
