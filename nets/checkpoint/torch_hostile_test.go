package checkpoint

import (
	"fmt"
	"math"
	"runtime"
	"strings"
	"testing"
)

func TestFilesThatAreNotAccepted(t *testing.T) {
	two := map[string]string{"0": little(t, []float32{1, 2})}
	f32 := stored("FloatStorage", "0", 2)
	a := func(tensor string) []byte { return zipped(t, dict(text("a"), tensor), two) }
	shadows := func(shadow ...string) []byte {
		model := dict(text("a"), viewed(f32, 0, []int{2}, []int{1}))
		return zipped(t, dict(text("model"), model, text("ema"), dict(text("shadow_params"), listed(shadow...))), two)
	}
	const entry = "PK\x01\x02\x14\x00\x14\x00\x08\x00" // of the archive's directory, up to the method
	compressed := strings.ReplaceAll(string(a(vector("FloatStorage", "0", 2))), entry+"\x00\x00", entry+"\x08\x00")
	for _, tt := range []struct {
		name string
		file []byte
		says string
	}{
		{"empty", nil, "neither"},
		{"text", []byte("a state dict, honestly"), "neither"},
		{"another archive",
			[]byte(strings.ReplaceAll(string(a(vector("FloatStorage", "0", 2))), "data.pkl", "text.txt")),
			"no data.pkl"},
		{"compressed", []byte(compressed), "compressed"},
		{"a command", a(call("os", "system", text("true"))), `"os.system"`},
		{"a command by posix", a(call("posix", "system", text("true"))), `"posix.system"`},
		{"a whole network", a(call("networks", "Generator")), `"networks.Generator"`},
		{"evaluation", a(call("builtins", "eval", text("1"))), `"builtins.eval"`},
		{"a number", zipped(t, number(1), nil), "no dictionary"},
		{"no tensors", zipped(t, dict(text("epoch"), number(1)), nil), "no state dict"},
		{"a dictionary that holds itself", zipped(t, "}q\x00("+text("model")+"h\x00u", nil), "no state dict"},
		{"integers alone", a(vector("LongStorage", "0", 1)), "no state dict"},
		{"no storage", a(vector("FloatStorage", "1", 2)), `no entry "data/1"`},
		{"a storage longer than its entry", a(vector("FloatStorage", "0", 3)), "8 bytes, too few for 3 elements"},
		{"a huge storage", a(vector("FloatStorage", "0", math.MaxInt)), "too few"},
		{"a storage of negative size", a(vector("FloatStorage", "0", -1)), "number of elements"},
		{"a storage by its name alone", a(text("0") + "Q"), "not a storage"},
		{"a tensor longer than its storage", a(viewed(f32, 0, []int{3}, []int{1})), "3"},
		{"a tensor past the end", a(viewed(f32, 1, []int{2}, []int{1})), "outside its storage"},
		{"a negative offset", a(viewed(f32, -1, []int{2}, []int{1})), "offset"},
		{"a negative stride", a(viewed(f32, 1, []int{2}, []int{-1})), "stride"},
		{"strides that overflow", a(viewed(f32, 0, []int{2, 1}, []int{math.MaxInt, math.MaxInt})),
			"outside its storage"},
		{"strides that overflow in sum", a(viewed(f32, 1, []int{2}, []int{math.MaxInt})), "outside its storage"},
		{"a shape that overflows", a(viewed(f32, 0, []int{1 << 32, 1 << 32}, []int{0, 0})),
			"more elements than its storage"},
		{"one number as many", a(viewed(f32, 0, []int{1 << 40}, []int{0})), "more elements than its storage"},
		{"a shape without strides", a(viewed(f32, 0, []int{2}, nil)), "wrong"},
		{"many dimensions", a(viewed(f32, 0, make([]int, 99), make([]int, 99))), "wrong"},
		{"no elements", a(viewed(f32, 0, []int{0}, []int{1})), "no elements"},
		{"a shadow too few", shadows(), "no moving average"},
		{"a shadow too many", shadows(viewed(f32, 0, []int{2}, []int{1}), viewed(f32, 0, []int{2}, []int{1})),
			"2 parameters, its model has 1"},
		{"a shadow of another shape", shadows(viewed(f32, 0, []int{1}, []int{1})), "average 0"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, _, err := readTorch(tt.file, map[bool]string{true: "ema"}[strings.Contains(tt.name, "shadow")])
			runtime.ReadMemStats(&after)
			if err == nil || !strings.Contains(err.Error(), tt.says) || strings.Contains(err.Error(), "\n") {
				t.Errorf("error %v, want %q in it", err, tt.says)
			}
			if taken := after.TotalAlloc - before.TotalAlloc; taken > 1<<20 {
				t.Errorf("%d bytes of memory", taken)
			}
		})
	}
}

// A storage that every tensor views could make a small file take any memory.
func TestAFileTakesNoMoreMemoryThanItHas(t *testing.T) {
	const n = 10000
	items := []string{text("first"), vector("FloatStorage", "0", n) + "q\x00"}
	for i := range 100 {
		items = append(items, text(fmt.Sprint("again ", i)), "h\x00")
	}
	file := zipped(t, dict(items...), map[string]string{"0": little(t, make([]float32, n))})
	if _, _, err := readTorch(file, ""); err == nil || !strings.Contains(err.Error(), "more memory than the file") {
		t.Errorf("error %v", err)
	}
}

// FuzzTorch reads bytes as a file of either format, and as the pickle in one.
func FuzzTorch(f *testing.F) {
	files, _ := smallFile(f)
	for _, file := range files {
		f.Add(file)
	}
	f.Add([]byte(dict(text("model"), dict(text("w"), vector("FloatStorage", "0", 2)), text("ema"),
		dict(text("shadow_params"), listed(vector("FloatStorage", "0", 2))))))
	storages := map[string]string{"0": little(f, []float32{1, 2})}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, file := range [][]byte{data, zipped(t, string(data), storages),
			streamed(string(data), storages, map[string]int{"0": 4})} {
			for _, set := range []string{"", "parameters"} {
				tensors, _, err := readTorch(file, set)
				if err != nil && strings.Contains(err.Error(), "\n") {
					t.Errorf("an error of several lines: %v", err)
				}
				total := 0
				for name, tensor := range tensors {
					if err := tensor.validate(); err != nil {
						t.Errorf("%q: %v", name, err)
					}
					total += len(tensor.Data)
				}
				if total > len(file) {
					t.Errorf("%d values of %d bytes", total, len(file))
				}
			}
		}
	})
}
