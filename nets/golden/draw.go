package golden

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"codeberg.org/sbinet/npyio"
)

// drawn describes a file of random numbers: an entry of one of the .json lists that has a checksum.
type drawn struct {
	Name string
	Seed uint64
	CRC  *uint32 `json:"crc32"` // of the values as PyTorch drew them, little-endian

	// Of an array of normal numbers, NAME.npy:
	Skip  int // numbers to draw and discard first
	Shape []int
}

// write draws the entry's values, compares their checksum, and writes the file. NAME.tensors lists the tensors of a
// network; without that file, the entry is an array.
func (d drawn) write(folder string) error {
	if d.CRC == nil {
		return nil
	}
	path := filepath.Join(folder, d.Name)
	generator := newGenerator(d.Seed)
	list, err := os.ReadFile(path + ".tensors")
	if os.IsNotExist(err) {
		generator.normal(d.Skip)
		values := generator.normal(product(d.Shape))
		return d.checked(bytesOf(values), func() error { return writeArray(path+".npy", values) })
	}
	if err != nil {
		return err
	}
	var tensors []tensor
	var all []byte
	for line := range strings.Lines(string(list)) {
		words := strings.Fields(line)
		x := tensor{name: words[0]}
		for _, word := range words[1:] {
			n, err := strconv.Atoi(word)
			if err != nil {
				return fmt.Errorf("%s.tensors: %w", path, err)
			}
			x.shape = append(x.shape, n)
		}
		x.data = bytesOf(generator.weights(x.name, x.shape))
		tensors, all = append(tensors, x), append(all, x.data...)
	}
	return d.checked(all, func() error {
		archives, err := filepath.Glob(path + ".pt*")
		if err != nil || len(archives) > 1 {
			return fmt.Errorf("%s: archives %q (%w)", path, archives, err)
		}
		if len(archives) == 1 {
			return writeTorch(archives[0], tensors)
		}
		return writeSafetensors(path+"_weights.safetensors", tensors)
	})
}

// checked calls write if the values have the entry's checksum.
func (d drawn) checked(values []byte, write func() error) error {
	if sum := crc32.ChecksumIEEE(values); sum != *d.CRC {
		return fmt.Errorf("%s: the values drawn have the checksum %d, PyTorch's have %d", d.Name, sum, *d.CRC)
	}
	return write()
}

type tensor struct {
	name  string
	shape []int
	data  []byte
}

// weights draws a tensor of a network by the rule of testdata/README.md. Weights of matrices and convolutions have
// variance 0.64 divided by the number of inputs of an output. Scales are near 1 and biases near 0.
func (g *generator) weights(name string, shape []int) []float32 {
	values := g.normal(product(shape))
	for i, n := range values {
		switch {
		case len(shape) > 1:
			values[i] = n * float32(0.8/math.Sqrt(float64(product(shape[1:]))))
		case strings.HasSuffix(name, "weight"):
			values[i] = 1 + float32(0.1*n)
		default:
			values[i] = 0.1 * n
		}
	}
	return values
}

func product(shape []int) int {
	n := 1
	for _, side := range shape {
		n *= side
	}
	return n
}

func bytesOf(values []float32) []byte {
	b, _ := binary.Append(make([]byte, 0, 4*len(values)), binary.LittleEndian, values)
	return b
}

func writeArray(path string, values []float32) error {
	var b bytes.Buffer
	if err := npyio.Write(&b, values); err != nil {
		return err
	}
	return os.WriteFile(path, b.Bytes(), 0o666)
}

// writeSafetensors writes a file by the format's specification: eight bytes with the header's length, little-endian;
// the header, a JSON object; the data.
func writeSafetensors(path string, tensors []tensor) error {
	type entry struct {
		Type    string `json:"dtype"`
		Shape   []int  `json:"shape"`
		Offsets [2]int `json:"data_offsets"`
	}
	header, data := map[string]entry{}, []byte(nil)
	for _, x := range tensors {
		header[x.name] = entry{"F32", x.shape, [2]int{len(data), len(data) + len(x.data)}}
		data = append(data, x.data...)
	}
	text, err := json.Marshal(header)
	if err != nil {
		return err
	}
	length := binary.LittleEndian.AppendUint64(nil, uint64(len(text)))
	return os.WriteFile(path, slices.Concat(length, text, data), 0o666)
}

// writeTorch writes a file as torch.save does: a .zip without compression that holds a pickle, which names tensors and
// their storages, and the storages, numbered from 0. The stored folder of the same name has the pickle and the first
// storages, which were not drawn. The file replaces that folder.
func writeTorch(path string, tensors []tensor) error {
	base := filepath.Base(path)
	name := strings.TrimSuffix(base, filepath.Ext(base))
	var b bytes.Buffer
	archive := zip.NewWriter(&b)
	add := func(part string, content []byte) error {
		w, err := archive.CreateHeader(&zip.FileHeader{Name: name + "/" + part, Method: zip.Store})
		if err == nil {
			_, err = w.Write(content)
		}
		return err
	}
	root := os.DirFS(path)
	count := 0
	err := fs.WalkDir(root, ".", func(part string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if strings.HasPrefix(part, "data/") {
			count++
		}
		content, err := fs.ReadFile(root, part)
		if err != nil {
			return err
		}
		return add(part, content)
	})
	if err != nil {
		return err
	}
	for i, x := range tensors {
		if err := add(fmt.Sprintf("data/%d", count+i), x.data); err != nil {
			return err
		}
	}
	if err := archive.Close(); err != nil {
		return err
	}
	if err := os.RemoveAll(path); err != nil {
		return err
	}
	return os.WriteFile(path, b.Bytes(), 0o666)
}
