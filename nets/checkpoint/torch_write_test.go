package checkpoint

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"maps"
	"slices"
	"strings"
	"testing"
)

// These write the opcodes of a pickle, as torch.save does but for its memo.

func text(s string) string {
	return "X" + string(binary.LittleEndian.AppendUint32(nil, uint32(len(s)))) + s
}

func number(n int) string {
	return "\x8a\x08" + string(binary.LittleEndian.AppendUint64(nil, uint64(n)))
}

func tuple(items ...string) string { return "(" + strings.Join(items, "") + "t" }

func listed(items ...string) string { return "](" + strings.Join(items, "") + "e" }

func dict(keysAndValues ...string) string { return "}(" + strings.Join(keysAndValues, "") + "u" }

func call(module, name string, arguments ...string) string {
	return "c" + module + "\n" + name + "\n" + tuple(arguments...) + "R"
}

func numbers(values []int) string {
	var items []string
	for _, v := range values {
		items = append(items, number(v))
	}
	return tuple(items...)
}

// stored is a storage of count elements, by its key.
func stored(class, key string, count int) string {
	return tuple(text("storage"), "ctorch\n"+class+"\n", text(key), text("cuda:0"), number(count)) + "Q"
}

func viewed(storage string, offset int, shape, stride []int) string {
	hooks := call("collections", "OrderedDict")
	return call("torch._utils", "_rebuild_tensor_v2", storage, number(offset), numbers(shape), numbers(stride), "\x89",
		hooks)
}

// vector is a tensor that is all of a storage.
func vector(class, key string, count int) string {
	return viewed(stored(class, key, count), 0, []int{count}, []int{1})
}

// zipped is a file of torch 1.6 or later.
func zipped(t testing.TB, program string, storages map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	add := func(name, content string) {
		entry, err := w.CreateHeader(&zip.FileHeader{Name: "archive/" + name, Method: zip.Store})
		if err == nil {
			_, err = entry.Write([]byte(content))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	add("data.pkl", "\x80\x02"+program+".")
	for _, key := range slices.Sorted(maps.Keys(storages)) {
		add("data/"+key, storages[key])
	}
	add("version", "3\n")
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// streamed is a file of torch before 1.6. Its storages have elements of so many bytes.
func streamed(program string, storages map[string]string, size map[string]int) []byte {
	var names []string
	for _, key := range slices.Sorted(maps.Keys(storages)) {
		names = append(names, text(key))
	}
	pickles := []string{"\x80\x02\x8a\x0a" + string(streamMagic), number(1001), dict(text("little_endian"), "\x88"),
		program, listed(names...)}
	b := []byte(strings.Join(pickles, ".") + ".")
	for _, key := range slices.Sorted(maps.Keys(storages)) {
		b = binary.LittleEndian.AppendUint64(b, uint64(len(storages[key])/size[key]))
		b = append(b, storages[key]...)
	}
	return b
}

// little is values in order, little-endian.
func little(t testing.TB, values any) string {
	t.Helper()
	b, err := binary.Append(nil, binary.LittleEndian, values)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// readTorch is ReadWeights of a file in memory.
func readTorch(file []byte, set string) (map[string]Tensor, string, error) {
	return decodeWeights(bytes.NewReader(file), int64(len(file)), set)
}
