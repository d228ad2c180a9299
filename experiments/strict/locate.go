package strict

import (
	"fmt"
	"strings"

	"github.com/BurntSushi/toml"
)

// locate returns the line, counted from 1, on which each key of a TOML document first appears. Keys have their full
// names: "train.noise.kind", "walk[1].name". The TOML library does not report lines, but must accept the document.
func locate(source string) map[string]int {
	s := scanner{
		rest:  strings.TrimPrefix(source, "\ufeff"),
		line:  1,
		lines: map[string]int{},
		count: map[string]int{},
	}
	header := "" // full name of the table that the next pairs belong to
	for s.space(); s.rest != ""; s.space() {
		switch {
		case s.take("[["):
			array := s.key("")
			header = fmt.Sprintf("%s[%d]", array, s.count[array])
			s.count[array]++
			s.note(header)
			s.take("]]")
		case s.take("["):
			header = s.key("")
			s.take("]")
		default:
			s.pair(header)
		}
	}
	return s.lines
}

// A scanner passes once through a document.
type scanner struct {
	rest  string         // what has not been passed
	line  int            // where rest begins
	lines map[string]int // line of each key before rest
	count map[string]int // number of tables so far of each [[array]]
}

// note records the line of a key, unless the key has appeared before.
func (s *scanner) note(name string) {
	if _, ok := s.lines[name]; !ok {
		s.lines[name] = s.line
	}
}

// advance passes n bytes and returns them.
func (s *scanner) advance(n int) string {
	passed := s.rest[:n]
	s.line += strings.Count(passed, "\n")
	s.rest = s.rest[n:]
	return passed
}

// until passes everything before the first of the characters.
func (s *scanner) until(characters string) string {
	n := strings.IndexAny(s.rest, characters)
	if n < 0 {
		n = len(s.rest)
	}
	return s.advance(n)
}

// take passes the prefix, if rest begins with it.
func (s *scanner) take(prefix string) bool {
	if !strings.HasPrefix(s.rest, prefix) {
		return false
	}
	s.advance(len(prefix))
	return true
}

// blank passes white space within a line.
func (s *scanner) blank() { s.advance(len(s.rest) - len(strings.TrimLeft(s.rest, " \t"))) }

// space passes white space, ends of lines and comments.
func (s *scanner) space() {
	for {
		s.advance(len(s.rest) - len(strings.TrimLeft(s.rest, " \t\r\n")))
		if !strings.HasPrefix(s.rest, "#") {
			return
		}
		s.until("\n")
	}
}

// key passes a key, which may have dots, of the table with the full name at. It returns the key's full name.
func (s *scanner) key(at string) string {
	for {
		s.blank()
		at = join(at, Quote(s.part()))
		s.note(at)
		s.blank()
		if !s.take(".") {
			return at
		}
		if n := s.count[at]; n > 0 { // [walk.step] belongs to the last [[walk]]
			at = fmt.Sprintf("%s[%d]", at, n-1)
		}
	}
}

// part passes one part of a key with dots, and returns it without quotes.
func (s *scanner) part() string {
	if !strings.HasPrefix(s.rest, `"`) && !strings.HasPrefix(s.rest, "'") {
		return s.until(" \t\r\n.=]")
	}
	var key struct{ X string }
	toml.Decode("x = "+s.text(), &key) // no error, since the library has accepted the document
	return key.X
}

// pair passes a key and its value, in the table with the full name at.
func (s *scanner) pair(at string) {
	at = s.key(at)
	if !s.take("=") {
		s.until("\n") // not TOML
		return
	}
	s.blank()
	s.passValue(at)
}

// passValue passes the value of the key with the full name at.
func (s *scanner) passValue(at string) {
	switch {
	case strings.HasPrefix(s.rest, `"`), strings.HasPrefix(s.rest, "'"):
		s.text()
	case s.take("{"):
		for s.space(); s.rest != "" && !s.take("}"); s.space() {
			if !s.take(",") {
				s.pair(at)
			}
		}
	case s.take("["):
		i := 0
		for s.space(); s.rest != "" && !s.take("]"); s.space() {
			if !s.take(",") {
				item := fmt.Sprintf("%s[%d]", at, i)
				s.note(item)
				s.passValue(item)
				i++
			}
		}
	default:
		if s.until(",]}#\n") == "" && s.rest != "" {
			s.advance(1) // not TOML
		}
	}
}

// text passes a string, in single or triple quotes of either kind, and returns it with its quotes.
func (s *scanner) text() string {
	mark := s.rest[:1]
	long := strings.Repeat(mark, 3)
	end := mark
	if strings.HasPrefix(s.rest, long) {
		end = long
	}
	n := len(end)
	for n < len(s.rest) && !strings.HasPrefix(s.rest[n:], end) {
		if mark == `"` && s.rest[n] == '\\' {
			n++
		}
		n++
	}
	n = min(n+len(end), len(s.rest))
	for end == long && strings.HasPrefix(s.rest[n:], mark) { // """a"""" ends in a quote
		n++
	}
	return s.advance(n)
}
