package pickle

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
)

// A machine executes opcodes. It keeps the first error; from then on it reads zeros.
type machine struct {
	data     []byte
	at       int
	stack    []any
	marks    []int // lengths of the stack
	memo     map[uint64]any
	resolver Resolver
	err      error
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

// unsigned reads an unsigned integer of the given number of bytes.
func (m *machine) unsigned(bytes int) uint64 {
	var wide [8]byte
	copy(wide[:], m.take(uint64(bytes)))
	return binary.LittleEndian.Uint64(wide[:])
}

// counted reads the length of a string, in the given number of bytes, and then the string.
func (m *machine) counted(bytes int) []byte { return m.take(m.unsigned(bytes)) }

// line reads the rest of a line, and returns it without the line break.
func (m *machine) line() string {
	text, _, found := bytes.Cut(m.data[m.at:], []byte("\n"))
	if !found {
		m.fail("cut short")
		return ""
	}
	m.at += len(text) + 1
	return string(text)
}

// long decodes an integer of any size in two's complement, little-endian.
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

// popN removes the last n values and returns them in the order in which they were pushed. It does not reach below the
// last mark.
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

// popMark removes the last mark and the values above it, and returns these.
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
		m.fail("it appends to something that is not a list")
		return
	}
	list.Items = append(list.Items, values...)
}

func (m *machine) setItems(values []any) {
	dict, ok := m.top().(*Dict)
	if !ok || len(values)%2 != 0 {
		m.fail("it sets items of something that is not a dictionary, or a key without a value")
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
