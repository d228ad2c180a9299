package data

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/png"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A tree holds the files of a data set by name.
type tree map[string][]byte

// folder writes the files below a new folder.
func (f tree) folder(t testing.TB) string {
	t.Helper()
	root := t.TempDir()
	for name, content := range f {
		file := filepath.Join(root, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, content, 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// archive writes the files to a new zip, in no particular order.
func (f tree) archive(t testing.TB) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, content := range f {
		file, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		file.Write(content)
	}
	path := filepath.Join(t.TempDir(), "images.zip")
	if err := errors.Join(w.Close(), os.WriteFile(path, b.Bytes(), 0o644)); err != nil {
		t.Fatal(err)
	}
	return path
}

// dots returns n distinct gray PNG of the given size.
func dots(t testing.TB, n, height, width int) tree {
	t.Helper()
	rng := rand.New(rand.NewPCG(7, 0))
	f := tree{}
	for i := range n {
		m := image.NewGray(image.Rect(0, 0, width, height))
		for k := range m.Pix {
			m.Pix[k] = uint8(rng.Uint32())
		}
		f[fmt.Sprintf("%d/%d.png", i%3, i)] = encoded(t, png.Encode, m)
	}
	return f
}

func open(t testing.TB, o Options) *Set {
	t.Helper()
	s, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// names and all return what a set holds.
func names(s *Set) (list []string) {
	for i := range s.Len() {
		list = append(list, s.Name(i))
	}
	return list
}

func all(t testing.TB, s *Set) []float32 {
	t.Helper()
	channels, height, width := s.Shape()
	size := channels * height * width
	values := make([]float32, s.Len()*size)
	for i := range s.Len() {
		if err := s.Image(values[i*size:][:size], i, nil); err != nil {
			t.Fatal(err)
		}
	}
	return values
}

func TestZipEqualsFolder(t *testing.T) {
	f := dots(t, 12, 8, 10)
	want := slices.Sorted(maps.Keys(f))
	one := f["0/0.png"]
	f["a-b/UPPER.PNG"], f["a/deep/er/x.Jpeg"] = one, one // the content, not the name, is decoded
	want = append(want, "a-b/UPPER.PNG", "a/deep/er/x.Jpeg")
	for _, name := range []string{".hidden.png", ".git/x.png", "__MACOSX/0/._0.png", "notes.txt", "png"} {
		f[name] = one
	}
	folder := open(t, Options{Path: f.folder(t), Size: 8, Channels: 1})
	archive := open(t, Options{Path: f.archive(t), Size: 8, Channels: 1})
	if !slices.Equal(names(folder), want) || !slices.Equal(names(archive), want) {
		t.Errorf("folder lists %q, zip lists %q, want %q", names(folder), names(archive), want)
	}
	if !slices.Equal(all(t, folder), all(t, archive)) {
		t.Error("the zip's images differ from the folder's")
	}
}

// TestCacheChangesNothing reads images with and without room for decoded ones.
func TestCacheChangesNothing(t *testing.T) {
	path := dots(t, 9, 8, 8).archive(t)
	wide := open(t, Options{Path: path, Size: 8, Channels: 3})
	tight := open(t, Options{Path: path, Size: 8, Channels: 3, CacheBytes: 100})
	for range 2 {
		if !slices.Equal(all(t, wide), all(t, tight)) {
			t.Error("images depend on the cache")
		}
	}
	if tight.cached.Load() > 100 {
		t.Errorf("the cache holds %d bytes, want 100 at most", tight.cached.Load())
	}
}

func TestCrop(t *testing.T) {
	m := image.NewGray(image.Rect(0, 0, 12, 9))
	for k := range m.Pix {
		m.Pix[k] = uint8(k) // a pixel's value tells where it came from
	}
	path := tree{"a.png": encoded(t, png.Encode, m)}.folder(t)
	s := open(t, Options{Path: path, Crop: 4, Channels: 1})
	got := make([]float32, 16)
	positions := map[int]bool{}
	for seed := range uint64(2000) {
		if err := s.Image(got, 0, rand.New(rand.NewPCG(seed, 0))); err != nil {
			t.Fatal(err)
		}
		corner := int((got[0]+1)*127.5 + 0.5)
		positions[corner] = true
		for k, v := range got {
			if want := levels[corner+k/4*12+k%4]; v != want {
				t.Fatalf("crop at %d: pixel %d is %v, want %v", corner, k, v, want)
			}
		}
	}
	if want := (12 - 3) * (9 - 3); len(positions) != want {
		t.Errorf("%d positions were drawn of %d", len(positions), want)
	}
	if s.Image(got, 0, nil); got[0] != levels[2*12+4] {
		t.Errorf("without rng the crop starts at %v, want the centre's %v", got[0], levels[2*12+4])
	}
}

// bomb returns a small PNG that claims 20000 x 20000 pixels.
func bomb(t testing.TB) []byte {
	file := encoded(t, png.Encode, image.NewGray(image.Rect(0, 0, 1, 1)))
	header := file[12:29] // "IHDR", width, height, five more bytes; then their checksum
	binary.BigEndian.PutUint32(header[4:], 20000)
	binary.BigEndian.PutUint32(header[8:], 20000)
	binary.BigEndian.PutUint32(file[29:], crc32.ChecksumIEEE(header))
	return file
}

func TestUnreadable(t *testing.T) {
	f := dots(t, 6, 8, 8) // 0/0 0/3 1/1 1/4 2/2 2/5
	f["0/3.png"] = f["0/3.png"][:60]
	f["1/1.png"] = []byte("not an image")
	f["2/2.png"] = bomb(t)
	f["2/5.png"] = encoded(t, png.Encode, image.NewGray(image.Rect(0, 0, 20, 3)))
	s := open(t, Options{Path: f.archive(t), Crop: 4, Channels: 1})
	for range 2 {
		values := all(t, s)
		image := func(i int) []float32 { return values[i*16:][:16] }
		for _, i := range []int{1, 2} {
			if !slices.Equal(image(i), image(3)) {
				t.Errorf("image %d is not the next readable one, 3", i)
			}
		}
		for _, i := range []int{4, 5} {
			if !slices.Equal(image(i), image(0)) {
				t.Errorf("image %d is not the next readable one, 0", i)
			}
		}
		errs := s.Unreadable()
		wants := [][]string{
			{"0/3.png"}, {"1/1.png", "format"}, {"2/2.png", "100 megapixels"},
			{"2/5.png", "is 20x3, smaller than crop 4"},
		}
		if len(errs) != len(wants) {
			t.Fatalf("unreadable: %v, want %d", errs, len(wants))
		}
		for i, want := range wants {
			mentions(t, errs[i], want...)
		}
	}
}

func TestAllUnreadable(t *testing.T) {
	path := tree{"a.png": []byte("x"), "b.png": nil}.folder(t)
	s := open(t, Options{Path: path, Size: 8, Channels: 1})
	mentions(t, s.Image(make([]float32, 64), 1, nil), path, "none of the 2", "a.png")
	l := NewLoader(s, LoaderOptions{Batch: 2})
	defer l.Close()
	for range 6 {
		_, err := l.Next()
		mentions(t, err, path, "none of the 2", "a.png")
	}
}

// mentions requires an error that contains all of the words.
func mentions(t testing.TB, err error, words ...string) {
	t.Helper()
	for _, word := range words {
		if err == nil || !strings.Contains(err.Error(), word) {
			t.Errorf("error %v does not mention %q", err, word)
		}
	}
}

func TestOpenErrors(t *testing.T) {
	empty := tree{"notes.txt": nil}.folder(t)
	file := filepath.Join(empty, "notes.txt")
	tests := []struct {
		name    string
		options Options
		want    []string
	}{
		{"missing", Options{Path: "no/such", Size: 8, Channels: 1}, []string{"no/such", "does not exist", `"glyphs"`}},
		{"empty folder", Options{Path: empty, Size: 8, Channels: 1}, []string{empty, ".png", ".webp"}},
		{"empty zip", Options{Path: tree{}.archive(t), Size: 8, Channels: 1}, []string{"images.zip", ".png", ".webp"}},
		{"neither folder nor zip", Options{Path: file, Size: 8, Channels: 1},
			[]string{file, "neither a folder nor", `"glyphs"`}},
		{"no path", Options{Size: 8, Channels: 1}, []string{"path", `"glyphs"`}},
		{"no size", Options{Path: "glyphs", Channels: 1}, []string{"glyphs", "size = 0", "crop = 0"}},
		{"size and crop", Options{Path: "glyphs", Size: 8, Crop: 8, Channels: 1}, []string{"glyphs", "exactly one"}},
		{"two channels", Options{Path: "glyphs", Size: 8, Channels: 2}, []string{"glyphs", "channels = 2", "1 or 3"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := Open(test.options)
			mentions(t, err, append(test.want, "data: ")...)
		})
	}
	if _, err := Open(Options{Path: "no/such", Size: 8, Channels: 1}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v is not fs.ErrNotExist", err)
	}
}

// TestClosedSet requires that the errors after Close do not name files.
func TestClosedSet(t *testing.T) {
	s := open(t, Options{Path: dots(t, 3, 8, 8).archive(t), Size: 8, Channels: 1})
	for range 2 {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	mentions(t, s.Image(make([]float32, 64), 0, nil), "closed")
	if errs := s.Unreadable(); errs != nil {
		t.Errorf("unreadable after Close: %v", errs)
	}
}

func TestImageArguments(t *testing.T) {
	s := open(t, Options{Path: "glyphs", Size: 8, Channels: 1})
	mentions(t, s.Image(make([]float32, 63), 0, nil), "64", "63")
	mentions(t, s.Image(make([]float32, 64), -1, nil), "image -1")
	mentions(t, s.Image(make([]float32, 64), s.Len(), nil), fmt.Sprint("image ", s.Len()))
}
