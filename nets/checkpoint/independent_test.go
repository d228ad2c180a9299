package checkpoint

import (
	"encoding/binary"
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tweedie/nets/golden"
)

// independent reads a safetensors file by the format's specification alone: eight
// bytes with the header's length, little-endian; the header, a JSON object; data.
func independent(t *testing.T, path string) (tensors map[string]Tensor, metadata map[string]string) {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	data := 8 + binary.LittleEndian.Uint64(content)
	var header map[string]json.RawMessage
	if err := json.Unmarshal(content[8:data], &header); err != nil {
		t.Fatal(err)
	}
	tensors = map[string]Tensor{}
	for name, text := range header {
		var into any = &metadata
		var entry struct {
			DType   string    `json:"dtype"`
			Shape   []int     `json:"shape"`
			Offsets [2]uint64 `json:"data_offsets"`
		}
		if name != "__metadata__" {
			into = &entry
		}
		if err := json.Unmarshal(text, into); err != nil {
			t.Fatal(err)
		}
		if into == &metadata {
			continue
		}
		if entry.DType != "F32" {
			t.Errorf("tensor %q is of type %s", name, entry.DType)
		}
		tensor := Tensor{Shape: entry.Shape}
		for at := data + entry.Offsets[0]; at < data+entry.Offsets[1]; at += 4 {
			tensor.Data = append(tensor.Data, math.Float32frombits(binary.LittleEndian.Uint32(content[at:])))
		}
		tensors[name] = tensor
	}
	return tensors, metadata
}

func TestAnotherProgramReads(t *testing.T) {
	c := small()
	path, content := write(t, c)
	if n := binary.LittleEndian.Uint64(content); n%8 != 0 || content[8] != '{' {
		t.Error("the format wants the data aligned to 8 bytes and the header to begin with {")
	}
	tensors, metadata := independent(t, path)
	want := map[string]Tensor{}
	for prefix, set := range map[string]map[string]Tensor{"": c.Parameters, "ema.": c.EMA, "adam.m.": c.Adam1,
		"adam.v.": c.Adam2} {
		for name, tensor := range set {
			want[prefix+name] = tensor
		}
	}
	if !same(tensors, want) {
		t.Errorf("tensors differ: got %v, want %v", tensors, want)
	}
	if want := map[string]string{
		"version": "1", "network": "unet", "config": `{ "base": 32,  "multipliers": [1, 2] }`, "parameterization": "edm",
		"data_std": "0.30000000000000004", "range": "[-1,1]", "channels": "1", "height": "28", "width": "30", "step": "123",
		"seed": "18446744073709551615", "experiment": c.Meta.Experiment,
	}; !reflect.DeepEqual(metadata, want) {
		t.Errorf("metadata is %q, want %q", metadata, want)
	}

	t.Run("python", func(t *testing.T) {
		const program = `
import json, struct, sys, numpy
b = open(sys.argv[1], "rb").read()
n, = struct.unpack("<Q", b[:8])
e = json.loads(b[8:8+n])["conv_in.weight"]
first, last = e["data_offsets"]
a = numpy.frombuffer(b[8+n+first:8+n+last], "<f4").reshape(e["shape"])
print(repr(float(a.astype("f8").sum())), a.shape[0])
`
		interpreters := []string{"python3", "/usr/bin/python3"}
		i := slices.IndexFunc(interpreters, func(p string) bool { return exec.Command(p, "-c", "import numpy").Run() == nil })
		if i < 0 {
			t.Skip("no python3 with numpy")
		}
		out, err := exec.Command(interpreters[i], "-c", program, path).CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		var sum float64
		for _, v := range c.Parameters["conv_in.weight"].Data {
			sum += float64(v)
		}
		fields := strings.Fields(string(out))
		if got, err := strconv.ParseFloat(fields[0], 64); err != nil || math.Abs(got-sum) > 1e-9 || fields[1] != "4" {
			t.Errorf("python printed %s, want the sum %g and 4 filters", out, sum)
		}
	})
}

func TestReadTensorsGolden(t *testing.T) {
	folder := filepath.Join(golden.Folder(t), "unet")
	list, err := os.ReadFile(filepath.Join(folder, "unet.json"))
	if err != nil {
		t.Skip(err)
	}
	var entries []struct{ Name string }
	if err := json.Unmarshal(list, &entries); err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		t.Run(entry.Name, func(t *testing.T) {
			files, _ := filepath.Glob(filepath.Join(folder, entry.Name+"_*.safetensors"))
			if len(files) == 0 {
				t.Error("it has no files")
			}
			for _, file := range files {
				got, _, err := ReadTensors(file)
				if err != nil {
					t.Fatal(err)
				}
				if want, _ := independent(t, file); !same(got, want) {
					t.Errorf("%s: the tensors differ from those of a reader by the specification", file)
				}
			}
		})
	}
}
