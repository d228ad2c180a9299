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
	"slices"

	"github.com/nlpodyssey/safetensors"
)

const (
	metadataKey   = "__metadata__" // the format's own entry of the header
	maximumHeader = 100_000_000    // bytes; the format's limit
)

// view shows a Tensor to the safetensors writer, which asks for the bytes of one
// tensor at a time.
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

// encodeTensors writes a safetensors file: tensors sorted by name, without gaps.
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

// A header is the first part of a safetensors file.
type header struct {
	metadata map[string]string
	names    []string // of the tensors, in the order of their data
	infos    map[string]*safetensors.TensorInfo
}

// readHeader reads the header of a safetensors file of size bytes. The safetensors
// package parses it. It would check the offsets too, but only with the whole file
// in memory; here the tensors are read one by one, and errors name them.
func readHeader(r io.Reader, size int64) (*header, error) {
	var prefix [8]byte
	if size < int64(len(prefix)) {
		return nil, fmt.Errorf("not a safetensors file, or cut short: it has %d bytes, too few for a header", size)
	}
	if _, err := io.ReadFull(r, prefix[:]); err != nil {
		return nil, err
	}
	length := binary.LittleEndian.Uint64(prefix[:])
	rest := uint64(size) - uint64(len(prefix))
	if length > rest || length > maximumHeader {
		return nil, fmt.Errorf("not a safetensors file, or cut short: its first 8 bytes announce a header of %d bytes, and %d follow", length, rest)
	}
	text := make([]byte, length)
	if _, err := io.ReadFull(r, text); err != nil {
		return nil, err
	}
	var parsed safetensors.Metadata
	if err := json.Unmarshal(text, &parsed); err != nil {
		return nil, fmt.Errorf("not a safetensors file: its header is wrong: %w", err)
	}

	h := &header{metadata: parsed.Metadata(), infos: parsed.Tensors()}
	h.names = slices.SortedFunc(maps.Keys(h.infos), func(a, b string) int {
		return cmp.Compare(h.infos[a].DataOffsets[0], h.infos[b].DataOffsets[0])
	})
	end, available := uint64(0), rest-length
	for _, name := range h.names {
		if err := check(h.infos[name], end, available); err != nil {
			return nil, fmt.Errorf("tensor %q: %w", name, err)
		}
		end = h.infos[name].DataOffsets[1]
	}
	if end != available {
		return nil, fmt.Errorf("its sizes do not add up: its tensors take %d bytes, and %d follow the header", end, available)
	}
	return h, nil
}

// check reports whether a tensor starts where the one before it ended, lies
// within the available bytes, and has as many as its type and shape take.
func check(info *safetensors.TensorInfo, start, available uint64) error {
	from, to := info.DataOffsets[0], info.DataOffsets[1]
	if from != start || to < from {
		return fmt.Errorf("its sizes do not add up: it lies at bytes %d to %d, and the one before it ends at %d", from, to, start)
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
			return fmt.Errorf("its sizes do not add up: shape %v of %s takes more bytes than the file has", info.Shape, info.DType)
		}
		bytes *= d
	}
	if to-from != bytes {
		return fmt.Errorf("its sizes do not add up: shape %v of %s takes %d bytes, it has %d", info.Shape, info.DType, bytes, to-from)
	}
	return nil
}

// The types of elements that safetensors files have, and that a program may read: those of this program's files, and of any.
var (
	ownElements     = map[safetensors.DType]element{safetensors.F32: float32s}
	foreignElements = map[safetensors.DType]element{
		safetensors.F32: float32s, safetensors.F64: float64s, safetensors.F16: float16s, safetensors.BF16: bfloat16s,
		safetensors.I64: {}, safetensors.I32: {}, safetensors.I16: {}, safetensors.I8: {},
		safetensors.U64: {}, safetensors.U32: {}, safetensors.U16: {}, safetensors.U8: {}, safetensors.BOOL: {},
	}
)

// readTensors reads what follows the header, tensor by tensor: the file is never in memory as a whole. Tensors of integers are left
// out where elements has these; another type of element is an error.
func (h *header) readTensors(r io.Reader, elements map[safetensors.DType]element) (map[string]Tensor, error) {
	tensors := make(map[string]Tensor, len(h.names))
	for _, name := range h.names {
		info := h.infos[name]
		e, ok := elements[info.DType]
		if !ok {
			return nil, fmt.Errorf("tensor %q has elements of type %s; F32 is right", name, info.DType)
		}
		b := make([]byte, info.DataOffsets[1]-info.DataOffsets[0])
		if _, err := io.ReadFull(r, b); err != nil {
			return nil, fmt.Errorf("tensor %q: %w", name, err)
		}
		if e.decode == nil {
			continue
		}
		t := Tensor{Shape: make([]int, len(info.Shape)), Data: make([]float32, len(b)/e.size)}
		for i, d := range info.Shape {
			t.Shape[i] = int(d)
		}
		for i := range t.Data {
			t.Data[i] = e.decode(b[i*e.size:])
		}
		tensors[name] = t
	}
	return tensors, nil
}
