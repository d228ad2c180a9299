package checkpoint

import (
	"bufio"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"

	"github.com/nlpodyssey/safetensors"

	"tweedie/data/durable"
)

const (
	metadataKey   = "__metadata__" // the header's entry for the metadata
	maximumHeader = 100_000_000    // bytes: the format's limit
)

// A view shows a Tensor to the safetensors package, which writes the bytes of one tensor at a time.
type view struct{ t Tensor }

func (v view) DType() safetensors.DType { return safetensors.F32 }
func (v view) DataLen() uint64          { return 4 * uint64(len(v.t.Data)) }

func (v view) Shape() []uint64 {
	shape := make([]uint64, len(v.t.Shape))
	for i, d := range v.t.Shape {
		shape[i] = uint64(d)
	}
	return shape
}

func (v view) Data() []byte {
	b, err := binary.Append(make([]byte, 0, 4*len(v.t.Data)), binary.LittleEndian, v.t.Data)
	if err != nil {
		panic(err) // a []float32 always has a binary form
	}
	return b
}

// encodeTensors writes a safetensors file. The tensors are sorted by name and have no gaps.
func encodeTensors(w io.Writer, tensors map[string]Tensor, metadata map[string]string) error {
	views := make(map[string]view, len(tensors))
	for name, t := range tensors {
		views[name] = view{t}
	}
	b := bufio.NewWriterSize(w, 1<<16)
	if err := safetensors.SerializeToWriter(views, metadata, b); err != nil {
		return err
	}
	return b.Flush()
}

// A header is the first part of a safetensors file: it says where each tensor lies in the rest.
type header struct {
	metadata map[string]string
	names    []string // of the tensors, in the order of their data
	infos    map[string]*safetensors.TensorInfo
	data     int64 // where the data begin, in bytes from the start of the file
}

// readHeader reads and checks the header of a safetensors file of size bytes: the tensors fill the rest of the file
// without gaps, and each has the bytes that its type and shape need. The safetensors package parses the header. Its own
// reader needs the whole file in memory; here tensors are read one at a time.
func readHeader(r io.ReaderAt, size int64) (*header, error) {
	var prefix [8]byte
	if size < int64(len(prefix)) {
		return nil, fmt.Errorf("not a safetensors file, or cut short: it has %d bytes, too few for a header", size)
	}
	if _, err := r.ReadAt(prefix[:], 0); err != nil {
		return nil, err
	}
	length := binary.LittleEndian.Uint64(prefix[:])
	rest := uint64(size) - uint64(len(prefix))
	if length > rest || length > maximumHeader {
		return nil, fmt.Errorf("not a safetensors file, or cut short: "+
			"its first 8 bytes announce a header of %d bytes, and %d follow",
			length, rest)
	}
	text := make([]byte, length)
	if _, err := r.ReadAt(text, int64(len(prefix))); err != nil {
		return nil, err
	}
	var parsed safetensors.Metadata
	if err := json.Unmarshal(text, &parsed); err != nil {
		return nil, fmt.Errorf("not a safetensors file: its header is wrong: %w", err)
	}

	h := &header{metadata: parsed.Metadata(), infos: parsed.Tensors(), data: int64(len(prefix)) + int64(length)}
	h.names = slices.SortedFunc(maps.Keys(h.infos), func(a, b string) int {
		return cmp.Or(cmp.Compare(h.infos[a].DataOffsets[0], h.infos[b].DataOffsets[0]), cmp.Compare(a, b))
	})
	end, available := uint64(0), rest-length
	for _, name := range h.names {
		if err := check(h.infos[name], end, available); err != nil {
			return nil, fmt.Errorf("tensor %.80q: %w", name, err)
		}
		end = h.infos[name].DataOffsets[1]
	}
	if end != available {
		return nil, fmt.Errorf("its sizes do not add up: its tensors take %d bytes, and %d follow the header",
			end, available)
	}
	return h, nil
}

// check returns an error unless a tensor starts where the one before it ended, lies within the available bytes, and has
// as many bytes as its type and shape need.
func check(info *safetensors.TensorInfo, start, available uint64) error {
	from, to := info.DataOffsets[0], info.DataOffsets[1]
	if from != start || to < from {
		return fmt.Errorf("its sizes do not add up: it lies at bytes %d to %d, and the one before it ends at %d",
			from, to, start)
	}
	if to > available {
		return fmt.Errorf("cut short: it ends at byte %d, and %d follow the header", to, available)
	}
	bytes := info.DType.Size()
	for _, d := range info.Shape {
		if d == 0 {
			return errors.New("it has no elements")
		}
		if bytes > available/d {
			return fmt.Errorf("its sizes do not add up: shape %v of %s takes more bytes than the file has",
				info.Shape, info.DType)
		}
		bytes *= d
	}
	if to-from != bytes {
		return fmt.Errorf("its sizes do not add up: shape %v of %s takes %d bytes, it has %d",
			info.Shape, info.DType, bytes, to-from)
	}
	return nil
}

func shapeOf(info *safetensors.TensorInfo) []int {
	shape := make([]int, len(info.Shape))
	for i, d := range info.Shape {
		shape[i] = int(d)
	}
	return shape
}

// read reads the values of a tensor, which has as many as dst, from the file r.
func (h *header) read(dst []float32, r io.ReaderAt, name string, e element) error {
	info := h.infos[name]
	if info == nil || info.DataOffsets[1]-info.DataOffsets[0] != uint64(len(dst))*uint64(e.size) {
		return fmt.Errorf("it has no tensor %.80q of %d values", name, len(dst))
	}
	at := h.data + int64(info.DataOffsets[0])
	buffer := make([]byte, min(len(dst)*e.size, 1<<18))
	for len(dst) > 0 {
		n := min(len(dst), len(buffer)/e.size)
		b := buffer[:n*e.size]
		if _, err := r.ReadAt(b, at); err != nil {
			return fmt.Errorf("tensor %.80q: %w", name, durable.Reason(err))
		}
		for i := range dst[:n] {
			dst[i] = e.decode(b[i*e.size:])
		}
		dst, at = dst[n:], at+int64(len(b))
	}
	return nil
}

// ReadTensors reads the tensors of a safetensors file of any program, under the names they have there, and the file's
// metadata. The tensors must be float32.
func ReadTensors(path string) (tensors map[string]Tensor, metadata map[string]string, err error) {
	f, size, err := open(path)
	if err == nil {
		defer f.Close()
		tensors, metadata, err = decodeTensors(f, size, map[safetensors.DType]element{safetensors.F32: float32s})
	}
	if err != nil {
		return nil, nil, fmt.Errorf("reading tensors of %s: %w", path, durable.Reason(err))
	}
	return tensors, metadata, nil
}

// ReadMetadata reads the metadata of a safetensors file of any program, and no tensors.
func ReadMetadata(path string) (map[string]string, error) {
	f, size, err := open(path)
	if err == nil {
		defer f.Close()
		var h *header
		if h, err = readHeader(f, size); err == nil {
			return h.metadata, nil
		}
	}
	return nil, fmt.Errorf("reading metadata of %s: %w", path, durable.Reason(err))
}

// decodeTensors reads all tensors of a safetensors file. Those of integers are left out. A type that is not among the
// elements is an error.
func decodeTensors(r io.ReaderAt, size int64, elements map[safetensors.DType]element) (
	tensors map[string]Tensor, metadata map[string]string, err error) {
	h, err := readHeader(r, size)
	if err != nil {
		return nil, nil, err
	}
	tensors = make(map[string]Tensor, len(h.names))
	for _, name := range h.names {
		info := h.infos[name]
		e, ok := elements[info.DType]
		if !ok {
			return nil, nil, unsupported(name, info.DType)
		}
		if e.decode == nil {
			continue
		}
		bytes := info.DataOffsets[1] - info.DataOffsets[0]
		t := Tensor{Shape: shapeOf(info), Data: make([]float32, bytes/uint64(e.size))}
		if err := h.read(t.Data, r, name, e); err != nil {
			return nil, nil, err
		}
		tensors[name] = t
	}
	return tensors, h.metadata, nil
}

func unsupported(name string, t safetensors.DType) error {
	return fmt.Errorf("tensor %.80q has elements of type %s; F32 is right", name, t)
}

// WriteTensors stores tensors and metadata as a safetensors file that any program can read, whole or not at all as
// Write does. It is an error if a tensor's size disagrees with its shape.
func WriteTensors(path string, tensors map[string]Tensor, metadata map[string]string) error {
	for name, t := range tensors {
		if err := t.validate(); err != nil {
			return fmt.Errorf("writing tensors to %s: tensor %q: %w", path, name, err)
		}
	}
	err := durable.Write(path, func(w io.Writer) error { return encodeTensors(w, tensors, metadata) })
	if err != nil {
		return fmt.Errorf("writing tensors to %s: %w", path, err)
	}
	return nil
}

// An element is a type of number in a file, little-endian. Integers, such as counters, are not weights and have no
// decode.
type element struct {
	name   string
	size   int                  // bytes
	decode func([]byte) float32 // one number, rounded to the nearest float32
}

var (
	float32s = element{"F32", 4, func(b []byte) float32 { return math.Float32frombits(binary.LittleEndian.Uint32(b)) }}
	float64s = element{"F64", 8, func(b []byte) float32 {
		return float32(math.Float64frombits(binary.LittleEndian.Uint64(b)))
	}}
	float16s  = element{"F16", 2, func(b []byte) float32 { return half(binary.LittleEndian.Uint16(b)) }}
	bfloat16s = element{"BF16", 2, func(b []byte) float32 {
		return math.Float32frombits(uint32(binary.LittleEndian.Uint16(b)) << 16)
	}}

	// anyElements are the types in files of other programs.
	anyElements = map[safetensors.DType]element{
		safetensors.F32: float32s, safetensors.F64: float64s, safetensors.F16: float16s, safetensors.BF16: bfloat16s,
		safetensors.I64: {}, safetensors.I32: {}, safetensors.I16: {}, safetensors.I8: {},
		safetensors.U64: {}, safetensors.U32: {}, safetensors.U16: {}, safetensors.U8: {}, safetensors.BOOL: {},
	}
)

// half returns the value of a number in IEEE 754's binary16. Its exponent and significand move to where binary32 has
// them. A product then corrects the exponent's bias, which is exact for subnormal numbers too.
func half(h uint16) float32 {
	bits := uint32(h&0x7fff) << 13
	if h&0x7c00 == 0x7c00 { // infinity or NaN
		bits |= 0x7f800000
	} else {
		bits = math.Float32bits(math.Float32frombits(bits) * 0x1p112)
	}
	return math.Float32frombits(bits | uint32(h&0x8000)<<16)
}
