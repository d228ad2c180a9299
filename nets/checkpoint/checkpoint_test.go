package checkpoint

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"tweedie/data/durable"
)

// small returns a checkpoint whose values include those that text or
// arithmetic would not carry over: NaN with a payload, -0, subnormals.
func small() *Checkpoint {
	random := rand.New(rand.NewPCG(1, 2))
	shapes := map[string][]int{
		"conv_in.weight": {4, 1, 3, 3}, "conv_in.bias": {4}, "scale": {}, "σ <embed>": {2, 3},
	}
	set := func() map[string]Tensor {
		tensors := map[string]Tensor{}
		for _, name := range []string{"conv_in.weight", "conv_in.bias", "scale", "σ <embed>"} {
			n := 1
			for _, d := range shapes[name] {
				n *= d
			}
			data := make([]float32, n)
			for i := range data {
				data[i] = float32(random.NormFloat64())
			}
			tensors[name] = Tensor{Shape: shapes[name], Data: data}
		}
		return tensors
	}
	c := &Checkpoint{Parameters: set(), EMA: set(), Adam1: set(), Adam2: set(), Meta: Meta{
		Version: Version, Network: "unet", Config: json.RawMessage(`{ "base": 32,  "multipliers": [1, 2] }`),
		Parameterization: "edm", DataStd: 0.30000000000000004, Range: [2]float64{-1, 1}, Channels: 1, Height: 28, Width: 30,
		Step: 123, Seed: math.MaxUint64, Experiment: "title = \"σ & <tau>\"\n[data]\npath = 'C:\\glyphs'\n",
	}}
	copy(c.Parameters["σ <embed>"].Data, []float32{
		math.Float32frombits(0x7fc12345), float32(math.Copysign(0, -1)),
		math.SmallestNonzeroFloat32, float32(math.Inf(-1)), math.MaxFloat32,
	})
	return c
}

func write(t *testing.T, c *Checkpoint) (path string, content []byte) {
	t.Helper()
	path = File(t.TempDir(), 123)
	if err := Write(path, c); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return path, content
}

// same compares tensors by their bits.
func same(a, b map[string]Tensor) bool {
	return maps.EqualFunc(a, b, func(a, b Tensor) bool {
		if len(a.Shape) != len(b.Shape) || len(a.Data) != len(b.Data) {
			return false
		}
		for i := range a.Shape {
			if a.Shape[i] != b.Shape[i] {
				return false
			}
		}
		for i := range a.Data {
			if math.Float32bits(a.Data[i]) != math.Float32bits(b.Data[i]) {
				return false
			}
		}
		return true
	})
}

func TestRoundTrip(t *testing.T) {
	forSampling := small()
	forSampling.Adam1, forSampling.Adam2 = nil, nil
	frozen := small()
	delete(frozen.Adam1, "scale")
	delete(frozen.Adam2, "scale")
	for name, c := range map[string]*Checkpoint{"training": small(), "sampling": forSampling,
		"a frozen parameter": frozen} {
		t.Run(name, func(t *testing.T) {
			path, content := write(t, c)
			got, err := Read(path)
			if err != nil {
				t.Fatal(err)
			}
			if !same(got.Parameters, c.Parameters) || !same(got.EMA, c.EMA) || !same(got.Adam1, c.Adam1) ||
				!same(got.Adam2, c.Adam2) {
				t.Error("tensors changed")
			}
			if !reflect.DeepEqual(got.Meta, c.Meta) {
				t.Errorf("metadata changed\n got %+v\nwant %+v", got.Meta, c.Meta)
			}
			if _, again := write(t, got); !bytes.Equal(content, again) {
				t.Error("the same checkpoint made another file")
			}
		})
	}
}

func TestReadCutShort(t *testing.T) {
	path, content := write(t, small())
	for length := range content {
		if length > 32 && length < len(content)-32 && length%7 != 0 {
			continue
		}
		if err := os.WriteFile(path, content[:length], 0o666); err != nil {
			t.Fatal(err)
		}
		_, err := Read(path)
		if err == nil {
			t.Fatalf("%d of %d bytes were read without an error", length, len(content))
		}
		if !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "cut short") {
			t.Fatalf("%d of %d bytes: %v", length, len(content), err)
		}
	}
}

// file assembles a safetensors file by hand.
func file(header string, data int) []byte {
	b := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	return append(append(b, header...), make([]byte, data)...)
}

func TestReadWrongFile(t *testing.T) {
	const meta = `"__metadata__":{"version":"1","network":"unet","config":"{}","parameterization":"edm","data_std":"0.5",` +
		`"range":"[-1,1]","channels":"1","height":"28","width":"28","step":"5","seed":"1","experiment":""}`
	header := func(tensors string) string { return "{" + meta + "," + tensors + "}" }
	const a = `"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}`
	for _, test := range []struct {
		name    string
		content []byte
		want    string
	}{
		{"none", nil, "no such file"},
		{"empty", []byte{}, "0 bytes"},
		{"a PyTorch zip", []byte("PK\x03\x04\x00\x00\x08\x08archive/data.pkl"), "not a safetensors file"},
		{"no JSON", file("hello, world", 8), "header is wrong"},
		{"a JSON array", file("[1, 2]", 8), "header is wrong"},
		{"another element type", file(header(`"a":{"dtype":"F16","shape":[4],"data_offsets":[0,8]}`), 8),
			`"a" has elements of type F16; F32 is right`},
		{"an unknown element type", file(header(`"a":{"dtype":"F3","shape":[4],"data_offsets":[0,8]}`), 8), "F3"},
		{"no metadata", file("{"+a+"}", 8), `no "version"`},
		{"incomplete metadata", file(strings.Replace(header(a), `"step":"5",`, "", 1), 8), `no "step"`},
		{"a number that is none", file(strings.Replace(header(a), `"5"`, `"five"`, 1), 8), `"step" is "five"`},
		{"a newer version", file(strings.Replace(header(a), `"version":"1"`, `"version":"2"`, 1), 8), "newer program"},
		{"an impossible size", file(strings.Replace(header(a), `"height":"28"`, `"height":"0"`, 1), 8), `"height" is 0`},
		{"a configuration that is no JSON", file(strings.Replace(header(a), `"{}"`, `"{"`, 1), 8), `"config"`},
		{"bytes left over", file(header(a), 12), "do not add up"},
		{"a gap", file(header(`"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}`), 8), "do not add up"},
		{"an overlap", file(header(a+`,"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}`), 12), "do not add up"},
		{"a shape of another size", file(header(`"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}`), 8), "do not add up"},
		{"a shape that overflows", file(header(`"a":{"dtype":"F32","shape":[4294967296,4294967296,2],"data_offsets":[0,8]}`), 8),
			"do not add up"},
		{"offsets at the end of numbers",
			file(header(`"a":{"dtype":"F32","shape":[4611686018427387903],"data_offsets":[0,18446744073709551612]}`), 8),
			"cut short"},
		{"no elements", file(header(`"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}`), 0), "no elements"},
		{"no parameters", file("{"+meta+"}", 0), "no parameters"},
		{"an average without parameter", file(header(a+`,"ema.b":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}`), 16),
			`"ema.b" has no parameter "b"`},
		{"an average of another shape", file(header(a+`,"ema.a":{"dtype":"F32","shape":[1,2],"data_offsets":[8,16]}`), 16),
			`"ema.a" has shape [1 2], its parameter [2]`},
		{"first moments alone", file(header(a+`,"adam.m.a":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}`), 16),
			"moments"},
	} {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "run.safetensors")
			if test.content != nil {
				if err := os.WriteFile(path, test.content, 0o666); err != nil {
					t.Fatal(err)
				}
			}
			_, err := Read(path)
			if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), path) ||
				strings.Contains(err.Error(), "\n") {
				t.Errorf("got error %v; want one line with %q and the path", err, test.want)
			}
		})
	}
	if _, err := Read(t.TempDir()); err == nil {
		t.Error("a folder was read without an error")
	}
}

func TestWriteRefuses(t *testing.T) {
	for name, spoil := range map[string]func(c *Checkpoint){
		"no parameters": func(c *Checkpoint) { *c = Checkpoint{Meta: c.Meta} },
		"too few values": func(c *Checkpoint) {
			c.Parameters["conv_in.bias"] = Tensor{[]int{4}, make([]float32, 3)}
		},
		"a negative dimension": func(c *Checkpoint) {
			c.Parameters["conv_in.bias"] = Tensor{[]int{-2, -2}, make([]float32, 4)}
		},
		"an average missing":         func(c *Checkpoint) { delete(c.EMA, "scale") },
		"an average's shape":         func(c *Checkpoint) { c.EMA["conv_in.bias"] = Tensor{[]int{2, 2}, make([]float32, 4)} },
		"a moment missing":           func(c *Checkpoint) { delete(c.Adam2, "scale") },
		"second moments alone":       func(c *Checkpoint) { c.Adam1 = nil },
		"a name of an average":       func(c *Checkpoint) { c.Parameters["ema.scale"] = c.Parameters["scale"] },
		"the name of the metadata":   func(c *Checkpoint) { c.Parameters["__metadata__"] = c.Parameters["scale"] },
		"a name that is not UTF-8":   func(c *Checkpoint) { c.Parameters["\xff"] = c.Parameters["scale"] },
		"text that is not UTF-8":     func(c *Checkpoint) { c.Meta.Experiment = "\xff" },
		"no network":                 func(c *Checkpoint) { c.Meta.Network = "" },
		"no configuration":           func(c *Checkpoint) { c.Meta.Config = nil },
		"a NaN standard deviation":   func(c *Checkpoint) { c.Meta.DataStd = math.NaN() },
		"an infinite range":          func(c *Checkpoint) { c.Meta.Range[1] = math.Inf(1) },
		"a negative number of steps": func(c *Checkpoint) { c.Meta.Step = -1 },
		"no channels":                func(c *Checkpoint) { c.Meta.Channels = 0 },
		"no parameterization":        func(c *Checkpoint) { c.Meta.Parameterization = "" },
	} {
		t.Run(name, func(t *testing.T) {
			c := small()
			spoil(c)
			dir := t.TempDir()
			path := File(dir, 1)
			err := Write(path, c)
			if err == nil || !strings.Contains(err.Error(), path) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got error %v; want one line with the path", err)
			}
			if left, _ := os.ReadDir(dir); len(left) != 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

// limited is a disk with room for some bytes.
type limited struct {
	w    io.Writer
	room int
}

var errFull = errors.New("no space left on device")

func (l *limited) Write(b []byte) (int, error) {
	n, err := l.w.Write(b[:min(len(b), l.room)])
	l.room -= n
	if err == nil && n < len(b) {
		err = errFull
	}
	return n, err
}

func TestWriteOnFullDisk(t *testing.T) {
	c := small()
	path, content := write(t, c)
	newer := small()
	newer.Meta.Step++
	for _, room := range []int{0, 1, 8, 100, len(content) / 2, len(content) - 1} {
		err := durable.Write(path, func(w io.Writer) error { return newer.encode(&limited{w, room}) })
		if !errors.Is(err, errFull) {
			t.Errorf("room for %d bytes: error %v", room, err)
		}
		if now, err := os.ReadFile(path); err != nil || !bytes.Equal(now, content) {
			t.Fatalf("room for %d bytes: the file there before changed (%v)", room, err)
		}
		if left, _ := os.ReadDir(filepath.Dir(path)); len(left) != 1 {
			t.Fatalf("room for %d bytes: left behind: %v", room, left)
		}
	}
}

// While a checkpoint is being written the old one stays whole, and nothing new
// has a checkpoint's name.
func TestWriteIsAtomic(t *testing.T) {
	path, _ := write(t, small())
	newer := small()
	newer.Meta.Step = 1000
	err := durable.Write(path, func(w io.Writer) error {
		if err := newer.encode(w); err != nil {
			return err
		}
		if c, err := Read(path); err != nil || c.Meta.Step != 123 {
			t.Errorf("during the write: %v", err)
		}
		if newest, err := Newest(filepath.Dir(path)); newest != path {
			t.Errorf("during the write the newest is %q (%v)", newest, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if c, err := Read(path); err != nil || c.Meta.Step != 1000 {
		t.Errorf("after the write: %v", err)
	}
	// A folder in the file's place cannot be renamed over.
	blocked := filepath.Join(t.TempDir(), "x.safetensors")
	if err := os.MkdirAll(filepath.Join(blocked, "full"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := Write(blocked, small()); err == nil || !strings.Contains(err.Error(), blocked) {
		t.Errorf("writing over a folder: error %v", err)
	}
	if left, _ := os.ReadDir(filepath.Dir(blocked)); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
}

// Whatever opens can be read and written again, and then reads back the same.
func FuzzOpen(f *testing.F) {
	c := small()
	c.EMA, c.Adam1, c.Adam2 = nil, nil, nil
	var b bytes.Buffer
	if err := c.encode(&b); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add(b.Bytes()[:b.Len()-1])
	f.Add(file(`{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}`, 4))
	f.Add(file(`{"a":null}`, 0))
	f.Add(file("null", 0))
	decode := func(content []byte) (*Checkpoint, error) {
		r, err := newReader("file", bytes.NewReader(content), int64(len(content)))
		if err != nil {
			return nil, err
		}
		c, err := r.all()
		if err != nil {
			f.Errorf("it opens, but cannot be read: %v", err)
		}
		return c, err
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		c, err := decode(content)
		if err != nil {
			return
		}
		var b bytes.Buffer
		if err := c.encode(&b); err != nil {
			t.Fatal(err)
		}
		again, err := decode(b.Bytes())
		if err != nil || !same(again.Parameters, c.Parameters) {
			t.Fatalf("it changed when written again (%v)", err)
		}
	})
}
