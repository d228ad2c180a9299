package experiments

import (
	"fmt"
	"reflect"

	"github.com/BurntSushi/toml"
)

// A group is a table of an experiment.
type group interface {
	// fields lists the table's keys, each tied to the variable that holds its value,
	// for reading and writing alike. The first is read first: if it is "kind", the
	// others may depend on it.
	fields() []field
}

// A checker is a group with limits that concern several keys. Check runs if each key
// by itself is right.
type checker interface {
	check(complain func(key, message string))
}

// A field is a key of a table.
type field struct {
	key    string
	read   func(r *reader, at string, value any) // takes the value, or complains about it
	absent func(r *reader, at string)            // the key is not there
	value  func() any                            // a scalar, a group, a []group, or nil: nothing to write
}

// required is a key that has no default.
func required[T any](key string, to *T, rules ...rule[T]) field {
	return field{
		key: key,
		read: func(r *reader, at string, value any) {
			if u, ok := any(to).(toml.Unmarshaler); ok {
				if err := u.UnmarshalTOML(value); err != nil {
					r.complain(at, shown(value)+" "+err.Error())
				}
				return
			}
			if !convert(value, to) {
				r.complain(at, fmt.Sprintf("%s must be %s", shown(value), nameOf(*to)))
				return
			}
			for _, wrong := range rules {
				if message := wrong(*to); message != "" {
					r.complain(at, shown(value)+" "+message)
					return
				}
			}
		},
		absent: func(r *reader, at string) {
			r.complain(at, "is missing and must be "+nameOf(*to))
		},
		value: func() any { return *to },
	}
}

// optional is a key with a default.
func optional[T any](key string, to *T, fallback T, rules ...rule[T]) field {
	f := required(key, to, rules...)
	f.absent = func(*reader, string) { *to = fallback }
	return f
}

// unlessEmpty is a key that is written only if it has a value, for which "" is none.
func unlessEmpty(f field) field {
	value := f.value
	f.value = func() any {
		if v := value(); v != "" {
			return v
		}
		return nil
	}
	return f
}

// table is a required table.
func table(key string, to group) field {
	return field{
		key: key,
		read: func(r *reader, at string, value any) {
			values, ok := value.(map[string]any)
			if !ok {
				r.complain(at, shown(value)+" must be a table")
				return
			}
			r.table(at, values, to)
		},
		absent: func(r *reader, at string) { r.complain(at, "is missing and must be a table") },
		value:  func() any { return to },
	}
}

// optionalTable is a table that may be absent: then the pointer is nil.
func optionalTable[T any, G interface {
	*T
	group
}](key string, to **T) field {
	return field{
		key: key,
		read: func(r *reader, at string, value any) {
			*to = new(T)
			table(key, G(*to)).read(r, at, value)
		},
		absent: func(*reader, string) { *to = nil },
		value: func() any {
			if *to == nil {
				return nil
			}
			return G(*to)
		},
	}
}

// section is a table that may be absent: then the group is zero.
func section[T any, G interface {
	*T
	group
}](key string, to *T) field {
	f := table(key, G(to))
	f.absent = func(*reader, string) {}
	f.value = func() any {
		if reflect.ValueOf(*to).IsZero() {
			return nil
		}
		return G(to)
	}
	return f
}

// tables is an array of any number of tables.
func tables[T any, G interface {
	*T
	group
}](key string, to *[]T) field {
	return field{
		key: key,
		read: func(r *reader, at string, value any) {
			list, ok := value.([]map[string]any)
			if !ok {
				r.complain(at, fmt.Sprintf("%s must be tables, each headed [[%s]]", shown(value), key))
				return
			}
			*to = make([]T, len(list))
			for i, values := range list {
				r.table(fmt.Sprintf("%s[%d]", at, i), values, G(&(*to)[i]))
			}
		},
		absent: func(*reader, string) { *to = nil },
		value: func() any {
			groups := make([]group, len(*to))
			for i := range *to {
				groups[i] = G(&(*to)[i])
			}
			return groups
		},
	}
}
