package strict

import (
	"fmt"
	"reflect"

	"github.com/BurntSushi/toml"
)

// A Table is a TOML table.
type Table interface {
	// Fields lists the table's keys, each tied to the variable that holds its value. Reading and writing both use it.
	//
	// While a table is read, Fields is called twice: first to read its first key, then to read the others. So the other
	// keys and their defaults may depend on the first.
	Fields() []Field
}

// A Checker is a Table with limits that concern several of its keys.
type Checker interface {
	Table
	// Check is called when each key by itself is right. A key of an inner table is written "inner.key".
	Check(complain func(key, message string))
}

// A Field is a key of a table.
type Field struct {
	key    string
	read   func(p Place, value any) // stores the value, or complains about it
	absent func(p Place)            // the file does not have the key
	value  func() any               // to write: a scalar, a Table, a []Table, a Raw, or nil for nothing

	about about
}

// Doc sets the meaning of the key, with its unit. It stands in the reference.
func (f Field) Doc(meaning string) Field {
	f.about.doc = meaning
	return f
}

// DefaultDoc replaces the default in the reference, for one that depends on other keys.
func (f Field) DefaultDoc(text string) Field {
	f.about.fallback = text
	return f
}

// TypeDoc replaces the type in the reference. A type with UnmarshalTOML needs it.
func (f Field) TypeDoc(text string) Field {
	f.about.typ = text
	return f
}

// OmitEmpty does not write the key if its value is "", which stands for no value.
func (f Field) OmitEmpty() Field {
	value := f.value
	f.value = func() any {
		if v := value(); v != "" {
			return v
		}
		return nil
	}
	return f
}

// Value returns what is written for the key.
func (f Field) Value() any { return f.value() }

// WriteAs writes another value than the one that is read, of the types that Custom allows.
func (f Field) WriteAs(value func() any) Field {
	f.value = value
	return f
}

// Required is a key that has no default. T is string, bool, int, uint64, float64, a slice of string, int or float64,
// [2]float64, or a type whose pointer has UnmarshalTOML and which has MarshalTOML. Rules are checked in order.
func Required[T any](key string, to *T, rules ...Rule[T]) Field {
	return Field{
		key: key,
		read: func(p Place, value any) {
			if u, ok := any(to).(toml.Unmarshaler); ok {
				if err := u.UnmarshalTOML(value); err != nil {
					p.Complain(shown(value) + " " + err.Error())
				}
				return
			}
			if !Convert(value, to) {
				p.Complain(fmt.Sprintf("%s must be %s", shown(value), typeOf(*to)))
				return
			}
			for _, rule := range rules {
				if wrong := rule.Wrong(*to); wrong != "" {
					p.Complain(shown(value) + " " + wrong)
					return
				}
			}
		},
		absent: func(p Place) { p.Complain("is missing and must be " + typeOf(*to)) },
		value:  func() any { return *to },
		about:  aboutValue[T](rules),
	}
}

// Optional is a key with a default. Everything else is as for Required.
func Optional[T any](key string, to *T, fallback T, rules ...Rule[T]) Field {
	f := Required(key, to, rules...)
	f.absent = func(Place) { *to = fallback }
	f.about.fallback = code(scalar(fallback))
	return f
}

// Custom is a key with a reader of its own. Value returns what is written: a number, string, boolean or list of them, a
// Table, a []Table, a Raw, or nil if the key is not written. Nothing is done if the key is absent.
func Custom(key string, read func(p Place, value any), value func() any) Field {
	return Field{key: key, read: read, absent: func(Place) {}, value: value}
}

// Group is a required inner table.
func Group(key string, to Table) Field {
	return Field{
		key: key,
		read: func(p Place, value any) {
			values, ok := value.(map[string]any)
			if !ok {
				p.Complain(shown(value) + " must be a table")
				return
			}
			p.r.table(p.name, values, to)
		},
		absent: func(p Place) { p.Complain("is missing and must be a table") },
		value:  func() any { return to },
		about:  about{typ: "table", inner: func() Table { return to }},
	}
}

// Pointer is a Table on *T.
type Pointer[T any] interface {
	*T
	Table
}

// Section is an inner table that may be absent. It is then the zero T.
func Section[T any, P Pointer[T]](key string, to *T) Field {
	f := Group(key, P(to))
	f.absent = func(Place) { *to = *new(T) }
	f.value = func() any {
		if reflect.ValueOf(*to).IsZero() {
			return nil
		}
		return P(to)
	}
	f.about.fallback = "none"
	return f
}

// OptionalGroup is an inner table that may be absent. The pointer is then nil.
func OptionalGroup[T any, P Pointer[T]](key string, to **T) Field {
	return Field{
		key: key,
		read: func(p Place, value any) {
			*to = new(T)
			Group(key, P(*to)).read(p, value)
		},
		absent: func(Place) { *to = nil },
		value: func() any {
			if *to == nil {
				return nil
			}
			return P(*to)
		},
		about: about{typ: "table", fallback: "none", inner: func() Table { return P(new(T)) }},
	}
}

// Groups is an array of any number of tables, each headed [[key]].
func Groups[T any, P Pointer[T]](key string, to *[]T) Field {
	return Field{
		key: key,
		read: func(p Place, value any) {
			list, ok := value.([]map[string]any)
			if !ok {
				p.Complain(fmt.Sprintf("%s must be tables, each headed [[%s]]", shown(value), key))
				return
			}
			*to = make([]T, len(list))
			for i, values := range list {
				p.r.table(fmt.Sprintf("%s[%d]", p.name, i), values, P(&(*to)[i]))
			}
		},
		absent: func(Place) { *to = nil },
		value: func() any {
			tables := make([]Table, len(*to))
			for i := range *to {
				tables[i] = P(&(*to)[i])
			}
			return tables
		},
		about: about{typ: "tables", fallback: "none", repeated: true, inner: func() Table { return P(new(T)) }},
	}
}
