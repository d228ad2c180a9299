package checkpoint

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"maps"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"tweedie/nets/golden"
)

// smallFile returns a file with a tensor of each type and of each layout in a storage, in both formats.
func smallFile(t testing.TB) (files map[string][]byte, want map[string]Tensor) {
	storages := map[string]string{
		"0": little(t, []float32{0, 1, 2, 3, 4, 5, 6, 7}),
		"1": little(t, []uint16{0x3c00, 0xc000, 0x0001, 0x7c00}),
		"2": little(t, []uint16{0x3f80, 0xc040}),
		"3": little(t, []float64{0.1, -1e300}),
		"4": little(t, []int64{7}),
	}
	f32 := stored("FloatStorage", "0", 8)
	program := dict(
		text("rows"), viewed(f32, 0, []int{2, 4}, []int{4, 1}),
		text("transposed"), viewed(f32, 0, []int{4, 2}, []int{1, 4}),
		text("corner"), viewed(f32, 1, []int{2, 1, 2}, []int{4, 4, 2}),
		text("scalar"), viewed(f32, 7, nil, nil),
		text("half"), vector("HalfStorage", "1", 4),
		text("brain"), call("torch._utils", "_rebuild_parameter", vector("BFloat16Storage", "2", 2), "\x88",
			call("collections", "OrderedDict")),
		text("double"), vector("DoubleStorage", "3", 2),
		text("count"), viewed(stored("LongStorage", "4", 1), 0, nil, nil),
		text("size"), call("torch", "Size", tuple(number(1), number(2))),
		text("epoch"), number(3),
	)
	want = map[string]Tensor{
		"rows":       {[]int{2, 4}, []float32{0, 1, 2, 3, 4, 5, 6, 7}},
		"transposed": {[]int{4, 2}, []float32{0, 4, 1, 5, 2, 6, 3, 7}},
		"corner":     {[]int{2, 1, 2}, []float32{1, 3, 5, 7}},
		"scalar":     {[]int{}, []float32{7}},
		"half":       {[]int{4}, []float32{1, -2, 0x1p-24, float32(math.Inf(1))}},
		"brain":      {[]int{2}, []float32{1, -3}},
		"double":     {[]int{2}, []float32{0.1, float32(math.Inf(-1))}},
	}
	return map[string][]byte{
		"zip":    zipped(t, program, storages),
		"stream": streamed(program, storages, map[string]int{"0": 4, "1": 2, "2": 2, "3": 8, "4": 8}),
	}, want
}

func TestTensorsOfAnyTypeAndView(t *testing.T) {
	files, want := smallFile(t)
	for format, file := range files {
		got, description, err := readTorch(file, "")
		if err != nil {
			t.Fatalf("%s: %v", format, err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v, want %v", format, got, want)
		}
		if !strings.Contains(description, "PyTorch") {
			t.Errorf("%s: description %q", format, description)
		}
	}
}

func TestTorchFileCutShort(t *testing.T) {
	files, _ := smallFile(t)
	for format, file := range files {
		for n := range file {
			if _, _, err := readTorch(file[:n], ""); err == nil || strings.Contains(err.Error(), "\n") {
				t.Fatalf("%s: cut to %d bytes of %d: error %v", format, n, len(file), err)
			}
		}
	}
}

func TestADamagedStorageIsAnError(t *testing.T) {
	program := dict(text("a"), vector("FloatStorage", "0", 2))
	file := zipped(t, program, map[string]string{"0": "damaged!"})
	file[strings.Index(string(file), "damaged!")]++
	if _, _, err := readTorch(file, ""); err == nil || !strings.Contains(err.Error(), "checksum") {
		t.Errorf("error %v", err)
	}
}

// half agrees with the definition of binary16 for every number.
func TestHalfPrecision(t *testing.T) {
	for h := range 1 << 16 {
		sign, exponent, significand := math.Pow(-1, float64(h>>15)), h>>10&31, float64(h&1023)/1024
		want := sign * math.Ldexp(1+significand, exponent-15)
		switch {
		case exponent == 0:
			want = sign * math.Ldexp(significand, -14)
		case exponent == 31 && significand == 0:
			want = math.Inf(int(sign))
		case exponent == 31:
			want = math.NaN()
		}
		got := float64(half(uint16(h)))
		if got != want && !(math.IsNaN(got) && math.IsNaN(want)) || math.Signbit(got) != (h>>15 == 1) {
			t.Fatalf("%#04x is %g, want %g", h, got, want)
		}
	}
}

func TestWhereAStateDictIs(t *testing.T) {
	storages := map[string]string{}
	for i, key := range []string{"raw", "bias", "ema", "table"} {
		storages[key] = little(t, []float32{float32(i), float32(i)})
	}
	tensor := func(key string) string { return vector("FloatStorage", key, 2) }
	// Its storage is not in the file; nothing reads it.
	optimizer := text("optimizer") + dict(text("state"), dict(number(0), dict(text("exp_avg"), tensor("gone"))))
	model := dict(text("w"), tensor("raw"), text("b"), tensor("bias"))
	ncsnpp := text("model") + dict(
		text("module.sigmas"), tensor("table"), text("module.all_modules.0.W"), tensor("table"),
		text("module.w"), tensor("raw"), text("module.b"), tensor("bias"))
	for _, tt := range []struct{ name, program, set, want, where string }{
		{"top level", model, "", "b:1 w:0", "top level"},
		{"state_dict", dict(optimizer, text("state_dict"), model), "", "b:1 w:0", `"state_dict"`},
		{"module", dict(text("module.w"), tensor("raw"), text("module.b"), tensor("bias")), "", "b:1 w:0", "top level"},
		{"one name with module", dict(text("module.w"), tensor("raw"), text("b"), tensor("bias")), "",
			"b:1 module.w:0", "top level"},
		{"average", dict(text("model"), model, text("model_ema"), dict(text("module.w"), tensor("ema"))), "", "b:1 w:2",
			`moving average under "model_ema"`},
		{"raw although there is an average", dict(text("model"), model, text("ema"), dict(text("w"), tensor("ema"))),
			"parameters", "b:1 w:0", `"model"`},
		{"average alone", dict(text("ema"), dict(text("w"), tensor("ema"))), "ema", "w:2", `"ema"`},
		{"empty average", dict(text("model"), model, text("ema"), dict()), "", "b:1 w:0", `"model"`},
		{"shadows", dict(optimizer, ncsnpp, text("ema"), dict(text("decay"), number(1), text("shadow_params"),
			listed(tensor("ema"), tensor("bias")))), "",
			"all_modules.0.W:3 b:1 sigmas:3 w:2", `moving average under "ema"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, where, err := readTorch(zipped(t, tt.program, storages), tt.set)
			if err != nil {
				t.Fatal(err)
			}
			var all []string
			for _, name := range slices.Sorted(maps.Keys(got)) {
				all = append(all, fmt.Sprint(name, ":", got[name].Data[0]))
			}
			if s := strings.Join(all, " "); s != tt.want || !strings.Contains(where, tt.where) {
				t.Errorf("%s of %s, want %s of %s", s, where, tt.want, tt.where)
			}
		})
	}
}

func TestSafetensorsOfAnotherProgram(t *testing.T) {
	header := `{"half":{"dtype":"F16","shape":[2],"data_offsets":[0,4]},` +
		`"n":{"dtype":"I64","shape":[],"data_offsets":[4,12]},` +
		`"b":{"dtype":"BF16","shape":[1,1],"data_offsets":[12,14]}}`
	file := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	file = append(file, header+little(t, []uint16{0x3c00, 0x3800})+little(t, int64(9))+little(t, uint16(0x4000))...)
	got, description, err := readTorch(file, "")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]Tensor{"half": {[]int{2}, []float32{1, 0.5}}, "b": {[]int{1, 1}, []float32{2}}}
	if !reflect.DeepEqual(got, want) || description != "a safetensors file" {
		t.Errorf("%v, %s", got, description)
	}
}

func TestACheckpointIsNotAnotherProgramsFile(t *testing.T) {
	path, _ := write(t, small())
	if _, _, err := ReadWeights(path, ""); !errors.Is(err, ErrCheckpoint) || !strings.Contains(err.Error(), path) {
		t.Errorf("error %v", err)
	}
}

// goldenSums are the CRC-32 of tensors' float32 values, as PyTorch computed them.
var goldenSums = map[string]map[string]uint32{
	"adm_small":    {"middle_block.1.qkv.weight": 2901168486, "out.2.bias": 1252757773},
	"ncsnpp_small": {"all_modules.4.Conv_0.weight": 4182523658, "all_modules.0.W": 1136858813, "sigmas": 518966431},
}

func TestGoldenTorchFiles(t *testing.T) {
	folder := filepath.Join(golden.Folder(t), "nets")
	content, err := os.ReadFile(filepath.Join(folder, "nets.json"))
	if err != nil {
		t.Fatal(err)
	}
	var entries []struct {
		Name         string
		Keys, Params int
	}
	if err := json.Unmarshal(content, &entries); err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		t.Run(e.Name, func(t *testing.T) {
			files, _ := filepath.Glob(filepath.Join(folder, e.Name+".pt*"))
			if len(files) != 1 {
				t.Fatalf("files %v", files)
			}
			tensors, description, err := ReadWeights(files[0], "")
			if err != nil {
				t.Fatal(err)
			}
			t.Log(description)
			parameters := 0
			for name, tensor := range tensors {
				if name != "sigmas" { // a table, no parameter
					parameters += len(tensor.Data)
				}
			}
			if len(tensors) != e.Keys || parameters != e.Params {
				t.Errorf("%d tensors, %d parameters; want %d, %d", len(tensors), parameters, e.Keys, e.Params)
			}
			for name, want := range goldenSums[e.Name] {
				if got := crc32.ChecksumIEEE([]byte(little(t, tensors[name].Data))); got != want {
					t.Errorf("%s: other values than PyTorch's", name)
				}
			}
		})
	}
}
