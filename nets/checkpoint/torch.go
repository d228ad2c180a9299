package checkpoint

import (
	"archive/zip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"

	"tweedie/nets/checkpoint/pickle"
)

// maximumPickle bounds the part of a PyTorch file that is not numbers, in bytes. A thousand tensors take about 100 kB.
const maximumPickle = 64 << 20

// A torchFile is a file of torch.save: a pickle, in which tensors are *torchTensor, and the storages that hold their
// elements. Storages are read on demand.
type torchFile struct {
	root any
	size int64 // of the file, in bytes
	// storage returns the bytes of a storage, and their number, which is at most the size of the file.
	storage func(key string) (io.ReadCloser, int64, error)
}

// openTorch reads the structure of a PyTorch file of size bytes, in the format of torch 1.6 or the one before.
func openTorch(r io.ReaderAt, size int64) (*torchFile, error) {
	var first [4]byte
	if _, err := r.ReadAt(first[:], 0); err != nil && err != io.EOF {
		return nil, err
	}
	if string(first[:]) == zipMagic {
		return openTorchZip(r, size)
	}
	return openTorchStream(r, size)
}

// openTorchZip reads a zip archive in which NAME/data.pkl is the pickle and NAME/data/KEY are the storages. None of
// them is compressed.
func openTorchZip(r io.ReaderAt, size int64) (*torchFile, error) {
	archive, err := zip.NewReader(r, size)
	if err != nil {
		return nil, fmt.Errorf("not a PyTorch file, or cut short: %w", err)
	}
	entries, folder := map[string]*zip.File{}, ""
	for _, f := range archive.File {
		entries[f.Name] = f
		if name, rest, ok := strings.Cut(f.Name, "/"); ok && rest == "data.pkl" {
			folder = name
		}
	}
	open := func(name string) (io.ReadCloser, int64, error) {
		f, ok := entries[folder+"/"+name]
		switch {
		case !ok:
			return nil, 0, fmt.Errorf("it has no entry %.80q", name)
		case f.Method != zip.Store || f.Flags&1 != 0 || f.CompressedSize64 != f.UncompressedSize64:
			return nil, 0, fmt.Errorf("entry %.80q is compressed; PyTorch's are not", name)
		case f.UncompressedSize64 > uint64(size):
			return nil, 0, fmt.Errorf("entry %.80q has %d bytes, the file %d", name, f.UncompressedSize64, size)
		}
		content, err := f.Open()
		if err != nil {
			return nil, 0, fmt.Errorf("entry %.80q: %w", name, err)
		}
		return content, int64(f.UncompressedSize64), nil
	}
	if entries[folder+"/constants.pkl"] != nil {
		return nil, errors.New("a TorchScript archive; a file of torch.save with the state dict alone is right")
	}
	if folder == "" {
		return nil, errors.New("a zip archive, but not PyTorch's: it has no data.pkl")
	}
	if entries[folder+"/byteorder"] != nil {
		if order, err := readStorage(open, "byteorder", size); err != nil || string(order) != "little" {
			return nil, fmt.Errorf("its byte order is %.10q; little is right", order)
		}
	}
	program, err := readStorage(open, "data.pkl", maximumPickle)
	if err != nil {
		return nil, err
	}
	root, _, err := pickle.Decode(program, torchGlobals(func(*torchStorage) {}))
	if err != nil {
		return nil, err
	}
	return &torchFile{root, size, func(key string) (io.ReadCloser, int64, error) { return open("data/" + key) }}, nil
}

// readStorage reads all that open returns for a name, up to its end, where the zip package verifies the checksum. It is
// an error if that is more than most bytes.
func readStorage(open func(name string) (io.ReadCloser, int64, error), name string, most int64) ([]byte, error) {
	content, size, err := open(name)
	if err != nil {
		return nil, err
	}
	defer content.Close()
	if size > most {
		return nil, fmt.Errorf("%.80q has %d bytes, more than the %d that it may have", name, size, most)
	}
	b := make([]byte, size)
	if _, err := io.ReadFull(content, b); err != nil {
		return nil, fmt.Errorf("%.80q is cut short: %w", name, err)
	}
	if _, err := content.Read(make([]byte, 1)); err != io.EOF {
		return nil, fmt.Errorf("%.80q is damaged: %w", name, err)
	}
	return b, nil
}

// streamMagic is the number in the first pickle of a file of torch before 1.6: 0x1950a86a20f9469cfc6c.
const streamMagic = pickle.Long("\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19")

// openTorchStream reads the older format. It begins with pickles of a magic number, a version, properties of the
// machine, the saved value and a list of the storages' keys. Then each storage follows: the number of its elements, in
// 8 bytes, and the elements.
func openTorchStream(r io.ReaderAt, size int64) (*torchFile, error) {
	head := make([]byte, min(size, maximumPickle))
	if _, err := r.ReadAt(head, 0); err != nil && err != io.EOF {
		return nil, err
	}
	storages := map[string]*torchStorage{}
	globals := torchGlobals(func(s *torchStorage) { storages[s.key] = s })
	var values [5]any
	at := int64(0)
	for i := range values {
		v, n, err := pickle.Decode(head[at:], globals)
		if i == 0 && (err != nil || v != any(streamMagic)) {
			return nil, errors.New("neither a safetensors nor a PyTorch file; to save with torch 1.6 or later may help")
		}
		if err != nil {
			return nil, fmt.Errorf("value %d: %w", i, err)
		}
		values[i], at = v, at+int64(n)
	}
	keys, ok := values[4].(*pickle.List)
	if !ok {
		return nil, errors.New("it has no list of its storages")
	}
	sections := map[string]*io.SectionReader{}
	for _, item := range keys.Items {
		key, _ := item.(string)
		s, ok := storages[key]
		var count [8]byte
		if _, err := r.ReadAt(count[:], at); !ok || err != nil {
			return nil, fmt.Errorf("storage %.80q is not there, or cut short", key)
		}
		if got := binary.LittleEndian.Uint64(count[:]); got != uint64(s.count) {
			return nil, fmt.Errorf("storage %.80q has %d elements, not the %d it should have", key, got, s.count)
		}
		if at += 8; int64(s.count) > (size-at)/int64(s.size) {
			return nil, fmt.Errorf("storage %.80q is cut short: it has %d elements", key, s.count)
		}
		bytes := int64(s.count) * int64(s.size)
		sections[key] = io.NewSectionReader(r, at, bytes)
		at += bytes
	}
	return &torchFile{values[3], size, func(key string) (io.ReadCloser, int64, error) {
		section, ok := sections[key]
		if !ok {
			return nil, 0, fmt.Errorf("storage %.80q is not there", key)
		}
		return io.NopCloser(io.NewSectionReader(section, 0, section.Size())), section.Size(), nil
	}}, nil
}
