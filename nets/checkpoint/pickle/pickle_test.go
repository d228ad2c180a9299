package pickle

import (
	"errors"
	"reflect"
	"strings"
	"testing"
)

// closed allows no global, and counts as an error whatever is stored outside.
var closed = Resolver{
	Global:     func(module, name string) (any, error) { return nil, errors.New("no " + module + " " + name) },
	Persistent: func(any) (any, error) { return nil, errors.New("nothing stored") },
}

// Decode reads what Python 3.11 wrote. Cut anywhere, it is an error.
func TestPlainValues(t *testing.T) {
	want := &Dict{[]Item{
		{"a", &List{[]any{1, -2, 300, 70000, -1 << 31, 1 << 40, -1 << 63,
			Long("\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01")}}},
		{"b", Tuple{nil, true, false, 0.1, "σ"}},
		{"c", Tuple{Tuple(nil), Tuple{1}, Tuple{1, 2}, Tuple{1, 2, 3}, Tuple{1, 2, 3, 4}}},
		{"d", &Dict{}},
		{"e", &List{}},
		{"f", strings.Repeat("x", 300)},
	}}
	x := strings.Repeat("x", 300)
	for name, text := range map[string]string{
		"protocol 2": "\x80\x02}q\x00(X\x01\x00\x00\x00aq\x01]q\x02(K\x01J\xfe\xff\xff\xffM,\x01Jp\x11\x01\x00" +
			"J\x00\x00\x00\x80\x8a\x06\x00\x00\x00\x00\x00\x01" +
			"\x8a\x08\x00\x00\x00\x00\x00\x00\x00\x80\x8a\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01e" +
			"X\x01\x00\x00\x00bq\x03(N\x88\x89G?\xb9\x99\x99\x99\x99\x99\x9a" +
			"X\x02\x00\x00\x00\xcf\x83q\x04tq\x05X\x01\x00\x00\x00cq\x06()K\x01\x85q\x07K\x01K\x02\x86q\x08" +
			"K\x01K\x02K\x03\x87q\t(K\x01K\x02K\x03K\x04tq\ntq\x0b" +
			"X\x01\x00\x00\x00dq\x0c}q\rX\x01\x00\x00\x00eq\x0e]q\x0f" +
			"X\x01\x00\x00\x00fq\x10X,\x01\x00\x00" + x + "q\x11u.",
		"protocol 4": "\x80\x04\x95\xbf\x01\x00\x00\x00\x00\x00\x00" +
			"}\x94(\x8c\x01a\x94]\x94(K\x01J\xfe\xff\xff\xffM,\x01" +
			"Jp\x11\x01\x00J\x00\x00\x00\x80\x8a\x06\x00\x00\x00\x00\x00\x01" +
			"\x8a\x08\x00\x00\x00\x00\x00\x00\x00\x80\x8a\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01e" +
			"\x8c\x01b\x94(N\x88\x89G?\xb9\x99\x99\x99\x99\x99\x9a\x8c\x02\xcf\x83\x94t\x94\x8c\x01c\x94()" +
			"K\x01\x85\x94K\x01K\x02\x86\x94K\x01K\x02K\x03\x87\x94(K\x01K\x02K\x03K\x04t\x94t\x94" +
			"\x8c\x01d\x94}\x94\x8c\x01e\x94]\x94\x8c\x01f\x94X,\x01\x00\x00" + x + "\x94u.",
	} {
		t.Run(name, func(t *testing.T) {
			got, length, err := Decode([]byte(text+"more"), closed)
			if err != nil {
				t.Fatal(err)
			}
			if length != len(text) || !reflect.DeepEqual(got, want) {
				t.Errorf("%d bytes of %d: %+v", length, len(text), got)
			}
			for n := range text {
				_, _, err := Decode([]byte(text[:n]), closed)
				if err == nil || !strings.Contains(err.Error(), "cut short") {
					t.Fatalf("cut to %d bytes: error %v", n, err)
				}
			}
		})
	}
}

func TestOfEqualKeysTheLastCounts(t *testing.T) {
	v, _, err := Decode([]byte("}(\x8c\x01aK\x01\x8c\x01aK\x02u."), closed)
	if err != nil {
		t.Fatal(err)
	}
	if d := v.(*Dict); d.Get("a") != 2 || d.Get("b") != nil {
		t.Errorf("a is %v, b is %v", d.Get("a"), d.Get("b"))
	}
}

func TestAListThatHoldsItself(t *testing.T) {
	v, _, err := Decode([]byte("\x80\x02]q\x00(K\x01h\x00e."), closed)
	if err != nil {
		t.Fatal(err)
	}
	if l := v.(*List); len(l.Items) != 2 || l.Items[1] != any(l) {
		t.Errorf("%d items", len(l.Items))
	}
}

func TestWhatIsNoData(t *testing.T) {
	for _, tt := range []struct{ name, text, says string }{
		{"a command", "cos\nsystem\n(\x8c\x02lstR.", "no os system"},
		{"a command by protocol 4", "\x8c\x02os\x8c\x06system\x93.", "no os system"},
		{"an instance by its class", "(ios\nsystem\n.", `opcode 'i'`},
		{"an object", "(cos\nsystem\no.", "no os system"},
		{"a new object", ")\x81.", `opcode '\u0081'`},
		{"an extension", "\x82\x01.", `opcode '\u0082'`},
		{"no opcode", "\xff.", "opcode"},
		{"something stored outside", "\x8c\x01aQ.", "nothing stored"},
		{"a call of a number", "K\x01)R.", "not a function"},
		{"attributes of a number", "K\x01}b.", "attributes"},
		{"a value that was never stored", "h\x07.", "value 7"},
		{"nothing", ".", "more values than there are"},
		{"a tuple without a mark", "K\x01t.", "a mark"},
		{"a pair that reaches below a mark", "K\x01(K\x02\x86.", "more values than there are"},
		{"a key without a value", "}(K\x01u.", "key without a value"},
		{"an item of a number", "K\x01K\x02a.", "not a list"},
		{"a string that is longer than the file", "\x8d\xff\xff\xff\xff\xff\xff\xff\x7f.", "cut short"},
		{"a string longer than all", "\x8d\xff\xff\xff\xff\xff\xff\xff\xff.", "cut short"},
		{"a huge integer", "\x8b\xff\xff\xff\x7f.", "cut short"},
		{"a protocol to come", "\x80\x09.", "protocol 9"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := Decode([]byte(tt.text), closed)
			if err == nil || !strings.Contains(err.Error(), tt.says) || strings.Contains(err.Error(), "\n") {
				t.Errorf("error %v, want %q in it", err, tt.says)
			}
		})
	}
}

// Values can be made of far more parts, and nested deeper, than there are bytes.
func TestBombsEnd(t *testing.T) {
	const n = 1 << 20
	doubling := "]" + strings.Repeat("q\x00(h\x00h\x00t", n/7) // each tuple holds the one before it twice
	for name, text := range map[string]string{
		"nested":   strings.Repeat("]", n) + strings.Repeat("a", n-1) + ".",
		"doubling": doubling + ".",
		"marks":    strings.Repeat("(", n) + "K\x01.",
	} {
		if _, length, err := Decode([]byte(text), closed); err != nil || length != len(text) {
			t.Errorf("%s: %d bytes of %d: %v", name, length, len(text), err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		"\x80\x02}q\x00(X\x01\x00\x00\x00aq\x01]q\x02(K\x01J\xfe\xff\xff\xffM,\x01e" +
			"X\x01\x00\x00\x00b(N\x88\x89G?\xb9\x99\x99\x99\x99\x99\x9atu.",
		"\x80\x04\x95\x10\x00\x00\x00\x00\x00\x00\x00\x8c\x01a\x94\x8c\x01b\x93)R}b.",
		"\x8a\x01\xff\x8b\x01\x00\x00\x00\x80\x85\x86\x87.", "cm\nn\n(h\x00tQ.",
	} {
		f.Add([]byte(seed))
	}
	open := Resolver{
		Global: func(module, name string) (any, error) {
			return Function(func(arguments Tuple) (any, error) { return &Dict{}, nil }), nil
		},
		Persistent: func(id any) (any, error) { return id, nil },
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, r := range []Resolver{open, closed} {
			if _, length, err := Decode(data, r); err == nil && (length < 1 || length > len(data)) {
				t.Errorf("%d bytes of %d", length, len(data))
			}
		}
	})
}
