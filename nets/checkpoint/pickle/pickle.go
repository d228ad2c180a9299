// Package pickle reads Python's pickles as data: what would run in Python is an error here, or a Function of the caller's
// choice. A pickle is untrusted: time and memory are in proportion to its length, whatever it claims.
//
// Opcodes are those of https://docs.python.org/3/library/pickletools.html that Python writes for plain values with
// protocols 2 to 5. It must not know what a tensor is.
package pickle

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
)

// The values of a pickle are nil, bool, int, Long, float64, string, these containers, and whatever a Resolver returns. Containers may hold
// themselves and may share their parts, so that to walk all of one may take forever.
type (
	List  struct{ Items []any }
	Tuple []any
	Dict  struct{ Items []Item } // in order of insertion; of equal keys the last counts
	Item  struct{ Key, Value any }
	Long  string // an integer beyond 64 bits: its two's complement, little-endian
)

// Get returns the value of a key that is a string, nil where there is none.
func (d *Dict) Get(key string) any {
	for _, item := range slices.Backward(d.Items) {
		if item.Key == key {
			return item.Value
		}
	}
	return nil
}

// A Function is a global that a pickle may call.
type Function func(arguments Tuple) (any, error)

// A Resolver gives the values that a pickle only names. Its errors end Decode.
type Resolver struct {
	Global     func(module, name string) (any, error) // a class or function: a Function if it may be called
	Persistent func(id any) (any, error)              // what is stored outside the pickle
}

const (
	mark            = '('
	stop            = '.'
	binInt          = 'J'
	binInt1         = 'K'
	binInt2         = 'M'
	none            = 'N'
	binPersistentID = 'Q'
	reduce          = 'R'
	binString       = 'T'
	shortBinString  = 'U'
	binUnicode      = 'X'
	appendOne       = 'a'
	build           = 'b'
	global          = 'c'
	emptyDict       = '}'
	appendAll       = 'e'
	binGet          = 'h'
	longBinGet      = 'j'
	emptyList       = ']'
	binPut          = 'q'
	longBinPut      = 'r'
	setItem         = 's'
	tuple           = 't'
	emptyTuple      = ')'
	setItems        = 'u'
	binFloat        = 'G'
	protocol        = 0x80
	tuple1          = 0x85
	tuple2          = 0x86
	tuple3          = 0x87
	newTrue         = 0x88
	newFalse        = 0x89
	long1           = 0x8a
	long4           = 0x8b
	shortBinUnicode = 0x8c
	binUnicode8     = 0x8d
	stackGlobal     = 0x93
	memoize         = 0x94
	frame           = 0x95
)

// Decode reads the pickle that data begins with, and returns its value and its length in bytes. An error names the byte.
func Decode(data []byte, r Resolver) (value any, length int, err error) {
	m := machine{data: data, resolver: r, memo: map[uint64]any{}}
	for m.err == nil {
		at := m.at
		op := m.byte()
		if op == stop {
			value = m.pop()
		} else {
			m.run(op)
		}
		if m.err != nil {
			return nil, 0, fmt.Errorf("pickle, byte %d: %w", at, m.err)
		}
		if op == stop {
			break
		}
	}
	return value, m.at, nil
}

// A machine runs opcodes until the first error, which it keeps; from then on it reads zeros.
type machine struct {
	data     []byte
	at       int
	stack    []any
	marks    []int // lengths of the stack
	memo     map[uint64]any
	resolver Resolver
	err      error
}

func (m *machine) run(op byte) {
	switch op {
	case protocol:
		if p := m.byte(); p > 5 {
			m.fail("protocol %d is unknown; 2 to 5 are right", p)
		}
	case frame: // tells how much to read at once
		m.take(8)
	case mark:
		m.marks = append(m.marks, len(m.stack))

	case none:
		m.push(nil)
	case newTrue:
		m.push(true)
	case newFalse:
		m.push(false)
	case binInt1:
		m.push(int(m.unsigned(1)))
	case binInt2:
		m.push(int(m.unsigned(2)))
	case binInt:
		m.push(int(int32(m.unsigned(4))))
	case long1:
		m.push(long(m.counted(1)))
	case long4:
		m.push(long(m.counted(4)))
	case binFloat:
		m.push(math.Float64frombits(binary.BigEndian.Uint64(m.take(8))))
	case shortBinString, shortBinUnicode:
		m.push(string(m.counted(1)))
	case binString, binUnicode:
		m.push(string(m.counted(4)))
	case binUnicode8:
		m.push(string(m.counted(8)))

	case emptyTuple:
		m.push(Tuple(nil))
	case tuple1, tuple2, tuple3:
		m.push(Tuple(m.popN(int(op-tuple1) + 1)))
	case tuple:
		m.push(Tuple(m.popMark()))
	case emptyList:
		m.push(&List{})
	case appendOne:
		m.appendItems(m.popN(1))
	case appendAll:
		m.appendItems(m.popMark())
	case emptyDict:
		m.push(&Dict{})
	case setItem:
		m.setItems(m.popN(2))
	case setItems:
		m.setItems(m.popMark())

	case binPut:
		m.put(m.unsigned(1))
	case longBinPut:
		m.put(m.unsigned(4))
	case memoize:
		m.put(uint64(len(m.memo)))
	case binGet:
		m.get(m.unsigned(1))
	case longBinGet:
		m.get(m.unsigned(4))

	case global:
		module, name := m.line(), m.line()
		m.global(module, name)
	case stackGlobal:
		names := m.popN(2)
		module, ok1 := names[0].(string)
		name, ok2 := names[1].(string)
		if !ok1 || !ok2 {
			m.fail("the name of a global is no string")
		}
		m.global(module, name)
	case binPersistentID:
		id := m.pop()
		if m.err == nil {
			v, err := m.resolver.Persistent(id)
			m.push(v)
			m.err = err
		}
	case reduce:
		call := m.popN(2)
		function, ok1 := call[0].(Function)
		arguments, ok2 := call[1].(Tuple)
		if !ok1 || !ok2 {
			m.fail("it calls what is no function")
		}
		if m.err == nil {
			v, err := function(arguments)
			m.push(v)
			m.err = err
		}
	case build: // attributes of a dictionary object are no items, and are dropped
		m.pop()
		if _, ok := m.top().(*Dict); !ok {
			m.fail("it sets attributes of what is no dictionary")
		}
	default:
		m.fail("opcode %q is not one of plain data", op)
	}
}

func (m *machine) fail(format string, a ...any) {
	if m.err == nil {
		m.err = fmt.Errorf(format, a...)
	}
}

// take returns the next n bytes.
func (m *machine) take(n uint64) []byte {
	if m.err == nil && n > uint64(len(m.data)-m.at) {
		m.err = errors.New("cut short")
	}
	if m.err != nil {
		return make([]byte, min(n, 8))
	}
	b := m.data[m.at:][:n]
	m.at += int(n)
	return b
}

func (m *machine) byte() byte { return m.take(1)[0] }

// unsigned reads an integer of so many bytes.
func (m *machine) unsigned(bytes int) uint64 {
	var wide [8]byte
	copy(wide[:], m.take(uint64(bytes)))
	return binary.LittleEndian.Uint64(wide[:])
}

// counted reads bytes whose number stands before them, in so many bytes.
func (m *machine) counted(bytes int) []byte { return m.take(m.unsigned(bytes)) }

// line reads up to the next end of line, and past it.
func (m *machine) line() string {
	text, _, found := bytes.Cut(m.data[m.at:], []byte("\n"))
	if !found {
		m.fail("cut short")
		return ""
	}
	m.at += len(text) + 1
	return string(text)
}

// long is an integer of any size in two's complement, little-endian.
func long(b []byte) any {
	if len(b) > 8 {
		return Long(b)
	}
	var wide [8]byte
	if n := copy(wide[:], b); n > 0 && b[n-1] >= 0x80 {
		for i := range wide[n:] {
			wide[n+i] = 0xff
		}
	}
	return int(int64(binary.LittleEndian.Uint64(wide[:])))
}

func (m *machine) push(v any) { m.stack = append(m.stack, v) }

// popN removes the last n values, in the order in which they were pushed. It does not reach below a mark.
func (m *machine) popN(n int) []any {
	bottom := 0
	if len(m.marks) > 0 {
		bottom = m.marks[len(m.marks)-1]
	}
	first := len(m.stack) - n
	if first < bottom {
		m.fail("it takes more values than there are")
	}
	if m.err != nil {
		return make([]any, n)
	}
	values := slices.Clone(m.stack[first:])
	m.stack = m.stack[:first]
	return values
}

func (m *machine) pop() any { return m.popN(1)[0] }

func (m *machine) top() any {
	v := m.pop()
	m.push(v)
	return v
}

// popMark removes the values since the last mark, and the mark.
func (m *machine) popMark() []any {
	if len(m.marks) == 0 {
		m.fail("it takes values up to a mark that is not there")
		return nil
	}
	values := m.popN(len(m.stack) - m.marks[len(m.marks)-1])
	m.marks = m.marks[:len(m.marks)-1]
	return values
}

func (m *machine) appendItems(values []any) {
	list, ok := m.top().(*List)
	if !ok {
		m.fail("it appends to what is no list")
		return
	}
	list.Items = append(list.Items, values...)
}

func (m *machine) setItems(values []any) {
	dict, ok := m.top().(*Dict)
	if !ok || len(values)%2 != 0 {
		m.fail("it sets items of what is no dictionary, or a key without a value")
		return
	}
	for pair := range slices.Chunk(values, 2) {
		dict.Items = append(dict.Items, Item{pair[0], pair[1]})
	}
}

func (m *machine) put(index uint64) { m.memo[index] = m.top() }

func (m *machine) get(index uint64) {
	v, ok := m.memo[index]
	if !ok {
		m.fail("it recalls value %d, which it never stored", index)
	}
	m.push(v)
}

func (m *machine) global(module, name string) {
	if m.err != nil {
		return
	}
	v, err := m.resolver.Global(module, name)
	m.push(v)
	m.err = err
}
