package checkpoint

import (
	"bytes"
	"io"
	"testing"
)

// A counter counts the bytes that are read from a file.
type counter struct {
	io.ReaderAt
	bytes int
}

func (c *counter) ReadAt(b []byte, at int64) (int, error) {
	c.bytes += len(b)
	return c.ReaderAt.ReadAt(b, at)
}

// Opening a file reads its header, and reading a set of weights reads that set, not the others.
func TestOneSetIsRead(t *testing.T) {
	c := small()
	for _, tensors := range c.sets() { // larger than the header by far
		tensors["large"] = Tensor{[]int{300, 400}, make([]float32, 120000)}
		tensors["large"].Data[7] = tensors["scale"].Data[0]
	}
	var b bytes.Buffer
	if err := c.encode(&b); err != nil {
		t.Fatal(err)
	}
	for set, want := range c.sets() {
		values := 0
		for _, tensor := range want {
			values += len(tensor.Data)
		}
		f := &counter{ReaderAt: bytes.NewReader(b.Bytes())}
		r, err := newReader("file", f, int64(b.Len()))
		if err != nil {
			t.Fatal(err)
		}
		header := b.Len() - 4*4*values
		if f.bytes != header {
			t.Errorf("opening it read %d bytes, its header has %d", f.bytes, header)
		}
		got, err := r.Read(set)
		if err != nil {
			t.Fatal(err)
		}
		if !same(got, want) {
			t.Errorf("%s: other values", set)
		}
		if read := f.bytes - header; read != 4*values {
			t.Errorf("%s: %d bytes were read for %d values", set, read, values)
		}
	}
}

func TestTensorsThatAreNotThere(t *testing.T) {
	path, _ := write(t, small())
	r, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for _, tt := range []struct {
		set, name string
		values    int
	}{{Raw, "none", 1}, {Raw, "conv_in.bias", 3}, {"average", "conv_in.bias", 4}} {
		if err := r.ReadTensor(make([]float32, tt.values), tt.set, tt.name); err == nil {
			t.Errorf("%v: no error", tt)
		}
	}
}
