package strict

import (
	"maps"
	"testing"

	"github.com/BurntSushi/toml"
)

// forms is a document with every form that a key and a value may take.
const forms = `# a comment = "with a key"
title = "a # in a string, a \" and a ]" # = comment
'quoted key' = 1
"dotted.\u0061" = { x = 1, y.z = [ { deep = "}" }, {deep=2} ] }
long = """
[not.a.table]
not = "a key"
ends in a quote""""
raw = '''
not = 1
'''
a . b.c = 1979-05-27 07:32:00
list = [
  "]", # comment ]
  [1, 2], ['''
x''']
]
[data]   # comment
empty = ""
path = 'C:\'
[ data . deep ]
on = true
[[walk]]
name = "first"
[walk.step]
kind = 1
[[walk.part]]
x = 1
[[walk.part]]
x = 2
[walk.part.inner]
y = 3
[[walk]]
step.kind = 2
step.epsilon = 3
`

func TestLocate(t *testing.T) {
	want := map[string]int{
		"title": 2, `"quoted key"`: 3,
		`"dotted.a"`: 4, `"dotted.a".x`: 4, `"dotted.a".y`: 4, `"dotted.a".y.z`: 4,
		`"dotted.a".y.z[0]`: 4, `"dotted.a".y.z[0].deep`: 4, `"dotted.a".y.z[1]`: 4, `"dotted.a".y.z[1].deep`: 4,
		"long": 5, "raw": 9, "a": 12, "a.b": 12, "a.b.c": 12,
		"list": 13, "list[0]": 14, "list[1]": 15, "list[1][0]": 15, "list[1][1]": 15, "list[2]": 15, "list[2][0]": 15,
		"data": 18, "data.empty": 19, "data.path": 20, "data.deep": 21, "data.deep.on": 22,
		"walk": 23, "walk[0]": 23, "walk[0].name": 24, "walk[0].step": 25, "walk[0].step.kind": 26,
		"walk[0].part": 27, "walk[0].part[0]": 27, "walk[0].part[0].x": 28,
		"walk[0].part[1]": 29, "walk[0].part[1].x": 30, "walk[0].part[1].inner": 31, "walk[0].part[1].inner.y": 32,
		"walk[1]": 33, "walk[1].step": 34, "walk[1].step.kind": 34, "walk[1].step.epsilon": 35,
	}
	if _, err := toml.Decode(forms, new(map[string]any)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, source string }{
		{"lines end in \\n", forms}, {"byte order mark", "\ufeff" + forms},
	} {
		got := locate(c.source)
		for key := range maps.Keys(want) {
			if got[key] != want[key] {
				t.Errorf("%s: %s on line %d, want %d", c.name, key, got[key], want[key])
			}
			delete(got, key)
		}
		for key, line := range got {
			t.Errorf("%s: %s on line %d is not a key", c.name, key, line)
		}
	}
}

// Every key of any document that the library accepts has a line, and on no text does
// locate hang or panic.
func FuzzLocate(f *testing.F) {
	f.Add(forms)
	f.Add(garden)
	f.Add("a = {\n  b = 1, # TOML 1.1\n}\r\n\"\" = 'x'")
	f.Fuzz(func(t *testing.T, source string) {
		lines := locate(source)
		var values map[string]any
		if _, err := toml.Decode(source, &values); err != nil {
			return
		}
		for key := range values {
			if lines[Quote(key)] == 0 {
				t.Errorf("no line for %s", Quote(key))
			}
		}
	})
}
