// Package pickle reads Python's pickles as data. Code that Python would run is an error here, unless the caller
// provides a Function for it. A pickle is untrusted: reading it takes time and memory in proportion to its length,
// whatever it claims.
//
// The package knows the opcodes that Python writes for plain values with protocols 2 to 5, as described in
// https://docs.python.org/3/library/pickletools.html. It must not know what a tensor is.
package pickle

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
)

// The values of a pickle are nil, bool, int, Long, float64, string, these containers, and whatever a Resolver returns.
// Containers may contain themselves and may share parts, so a recursive walk may never end.
type (
	List  struct{ Items []any }
	Tuple []any
	Dict  struct{ Items []Item } // in order of insertion; the last of equal keys counts
	Item  struct{ Key, Value any }
	Long  string // an integer beyond 64 bits: its two's complement, little-endian
)

// Get returns the value of a string key, or nil if the dictionary does not have it.
func (d *Dict) Get(key string) any {
	for _, item := range slices.Backward(d.Items) {
		if item.Key == key {
			return item.Value
		}
	}
	return nil
}

// A Function stands for a Python class or function that a pickle may call.
type Function func(arguments Tuple) (any, error)

// A Resolver returns the values that a pickle refers to by name. An error of it ends Decode.
type Resolver struct {
	Global     func(module, name string) (any, error) // a class or function: a Function if it may be called
	Persistent func(id any) (any, error)              // what is stored outside the pickle
}

// Decode reads the pickle at the start of data and returns its value and its length in bytes. An error names the byte
// at which reading failed.
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

func (m *machine) run(op byte) {
	switch op {
	case protocol:
		if p := m.byte(); p > 5 {
			m.fail("protocol %d is unknown; 2 to 5 are right", p)
		}
	case frame: // a hint for buffering: the length of what follows
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
			m.fail("it calls something that is not a function")
		}
		if m.err == nil {
			v, err := function(arguments)
			m.push(v)
			m.err = err
		}
	case build: // sets attributes of an object; those of a dictionary are not its items, and are dropped
		m.pop()
		if _, ok := m.top().(*Dict); !ok {
			m.fail("it sets attributes of something that is not a dictionary")
		}
	default:
		m.fail("opcode %q is not one of plain data", op)
	}
}
