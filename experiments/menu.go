package experiments

import (
	"fmt"
	"maps"
	"slices"
)

// A menu holds the kinds that a table of type T may have, by the value of its key
// "kind". To add a kind is to add an entry. F is the function that makes the object
// which a table of the kind stands for.
type menu[T, F any] map[string]entry[T, F]

type entry[T, F any] struct {
	keys  func(*T) []field // the keys that go with the kind; nil: none
	build F
}

// fields returns "kind" and, if it is known by now, the keys that go with it.
func (m menu[T, F]) fields(kind *string, of *T) []field {
	fields := []field{required("kind", kind, m.has)}
	if e := m[*kind]; e.keys != nil {
		fields = append(fields, e.keys(of)...)
	}
	return fields
}

// has is the rule of the key "kind".
func (m menu[T, F]) has(kind string) string {
	return oneOf(slices.Sorted(maps.Keys(m))...)(kind)
}

func (m menu[T, F]) find(kind string) (build F, err error) {
	if wrong := m.has(kind); wrong != "" {
		return build, fmt.Errorf("kind %q %s", kind, wrong)
	}
	return m[kind].build, nil
}

func (m menu[T, F]) mustFind(kind string) F {
	build, err := m.find(kind)
	if err != nil {
		panic("experiments: " + err.Error())
	}
	return build
}
