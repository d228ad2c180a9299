package tensorboard

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/protobuf/encoding/protowire"
)

// The writer gives records that other programs wrote, bit for bit.
func TestPublishedRecords(t *testing.T) {
	for _, test := range []struct {
		name, want string
		event      func(want []byte) []byte
	}{
		{
			"an event in the test of TensorBoard's reader (event_file_loader_test.py)",
			"1800000000000000" + "a37f4b22" + "090000c025dd75d5411a0d627261696e2e4576656e743a31" + "ecf3328d",
			func(want []byte) []byte { return want[12 : len(want)-4] },
		},
		{
			"the file version in the test of tensorboard_logger",
			"1800000000000000" + "a37f4b22" + "0900000000000870401a0d627261696e2e4576656e743a32" + "bc98212b",
			func([]byte) []byte { return fileVersion(time.UnixMilli(256500)) },
		},
		{
			"a scalar in the test of tensorboard_logger",
			"1900000000000000" + "8bf10828" + "09000000000008704010012a0c0a0a0a03762f31150000c03f" + "2cecc087",
			func([]byte) []byte { return summary(time.UnixMilli(256500), 1, scalar("v/1", 1.5)) },
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			want, err := hex.DecodeString(test.want)
			if err != nil {
				t.Fatal(err)
			}
			if got := appendRecord(nil, test.event(want)); !bytes.Equal(got, want) {
				t.Errorf("got  %x\nwant %x", got, want)
			}
		})
	}
}

// records splits a file, and checks every checksum by undoing its mask.
func records(t *testing.T, file string) [][]byte {
	t.Helper()
	rest, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	verify := func(data, sum []byte) {
		unmasked := binary.LittleEndian.Uint32(sum) - 0xa282ead8
		unmasked = unmasked<<15 | unmasked>>17
		if unmasked != crc32.Checksum(data, crc32.MakeTable(crc32.Castagnoli)) {
			t.Fatalf("wrong checksum of %x", data)
		}
	}
	var all [][]byte
	for len(rest) > 0 {
		verify(rest[:8], rest[8:12])
		n := binary.LittleEndian.Uint64(rest)
		data := rest[12 : 12+n]
		verify(data, rest[12+n:16+n])
		all, rest = append(all, data), rest[16+n:]
	}
	return all
}

// message decodes a protocol buffer to field number -> value.
func message(t *testing.T, b []byte) map[int]any {
	t.Helper()
	fields := map[int]any{}
	for len(b) > 0 {
		number, kind, n := protowire.ConsumeTag(b)
		b = b[max(n, 0):]
		var value any
		switch kind {
		case protowire.VarintType:
			var v uint64
			v, n = protowire.ConsumeVarint(b)
			value = int64(v)
		case protowire.Fixed32Type:
			var v uint32
			v, n = protowire.ConsumeFixed32(b)
			value = math.Float32frombits(v)
		case protowire.Fixed64Type:
			var v uint64
			v, n = protowire.ConsumeFixed64(b)
			value = math.Float64frombits(v)
		case protowire.BytesType:
			value, n = protowire.ConsumeBytes(b)
		}
		if n < 0 {
			t.Fatal(protowire.ParseError(n))
		}
		fields[int(number)], b = value, b[n:]
	}
	return fields
}

func only(t *testing.T, dir string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) != 1 {
		t.Fatalf("files %v, %v; want one", files, err)
	}
	return files[0]
}

func TestWriter(t *testing.T) {
	const start = 946684800 // where the clock of a synctest bubble starts: the year 2000
	dir := filepath.Join(t.TempDir(), "runs", "glyphs")
	gray := image.NewGray(image.Rect(0, 0, 5, 3))
	for i := range gray.Pix {
		gray.Pix[i] = uint8(17 * i)
	}
	red := image.NewNRGBA(image.Rect(0, 0, 2, 2))
	for i := range 4 {
		red.Set(i%2, i/2, color.NRGBA{255, uint8(i), 0, 255})
	}
	clear := image.NewNRGBA(image.Rect(0, 0, 2, 1))
	synctest.Test(t, func(t *testing.T) {
		w, err := New(dir)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(2500 * time.Millisecond)
		for _, err := range []error{
			w.Scalar("train/loss", 7, 0.1),
			w.Scalar("σ", math.MaxInt64, math.NaN()),
			w.Image("previews/gray", 8, gray),
			w.Image("previews/red", 9, red),
			w.Image("previews/clear", 9, clear),
			w.Close(),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
	})
	file := only(t, dir)
	host, _ := os.Hostname()
	if want := fmt.Sprintf("events.out.tfevents.%d.%s", start, host); filepath.Base(file) != want {
		t.Errorf("the file is %s, want %s", filepath.Base(file), want)
	}
	all := records(t, file)
	version := map[int]any{1: float64(start), 3: []byte("brain.Event:2")}
	if got := message(t, all[0]); !reflect.DeepEqual(got, version) {
		t.Errorf("the first event is %v, want %v", got, version)
	}
	var values []map[int]any
	for i, step := range []int64{7, math.MaxInt64, 8, 9, 9} {
		event := message(t, all[i+1])
		if event[1] != start+2.5 || event[2] != step || len(event) != 3 {
			t.Errorf("event %d has time %v and step %v", i, event[1], event[2])
		}
		values = append(values, message(t, message(t, event[5].([]byte))[1].([]byte)))
	}
	if want := (map[int]any{1: []byte("train/loss"), 2: float32(0.1)}); !reflect.DeepEqual(values[0], want) {
		t.Errorf("a scalar is %v, want %v", values[0], want)
	}
	if v := values[1][2].(float32); v == v || string(values[1][1].([]byte)) != "σ" {
		t.Errorf("a NaN scalar is %v", values[1])
	}
	for i, want := range []struct {
		tag        string
		img        image.Image
		colorspace int64
	}{{"previews/gray", gray, 1}, {"previews/red", red, 3}, {"previews/clear", clear, 4}} {
		got := message(t, values[i+2][4].([]byte))
		size := want.img.Bounds().Size()
		if string(values[i+2][1].([]byte)) != want.tag ||
			got[1] != int64(size.Y) || got[2] != int64(size.X) || got[3] != want.colorspace {
			t.Errorf("%s: height, width, color space are %v, %v, %v", want.tag, got[1], got[2], got[3])
		}
		decoded, err := png.Decode(bytes.NewReader(got[4].([]byte)))
		if err != nil {
			t.Fatal(err)
		}
		for y := range size.Y {
			for x := range size.X {
				a, b := color.NRGBAModel.Convert(decoded.At(x, y)), color.NRGBAModel.Convert(want.img.At(x, y))
				if a != b {
					t.Fatalf("%s: pixel (%d, %d) is %v, want %v", want.tag, x, y, a, b)
				}
			}
		}
	}
}

// TensorBoard reads a file that is still being written.
func TestFlush(t *testing.T) {
	dir := t.TempDir()
	w, err := New(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if n := len(records(t, only(t, dir))); n != 1 {
		t.Errorf("a new file has %d records, want the version alone", n)
	}
	if err := errors.Join(w.Scalar("loss", 1, 1), w.Flush()); err != nil {
		t.Fatal(err)
	}
	if n := len(records(t, only(t, dir))); n != 2 {
		t.Errorf("after a flush there are %d records, want 2", n)
	}
}

func TestTwoFilesOfOneSecond(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		for range 3 {
			w, err := New(dir)
			if err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(w.Scalar("loss", 1, 1), w.Close()); err != nil {
				t.Fatal(err)
			}
		}
	})
	files, _ := filepath.Glob(filepath.Join(dir, "events.out.tfevents.*"))
	if len(files) != 3 {
		t.Fatalf("files %v, want three", files)
	}
	for _, file := range files {
		if len(records(t, file)) != 2 {
			t.Errorf("%s was written by another", file)
		}
	}
}

func TestErrors(t *testing.T) {
	w, err := New(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	gray := image.NewGray(image.Rect(0, 0, 1, 1))
	name := w.name
	for what, err := range map[string]error{
		"an empty tag":     w.Scalar("", 1, 1),
		"a tag not UTF-8":  w.Image("\xff", 1, gray),
		"an empty picture": w.Image("preview", 1, &image.Gray{}),
	} {
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: error %v", what, err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	err = errors.Join(w.Scalar("loss", 1, 1), w.Flush())
	if !errors.Is(err, fs.ErrClosed) || !strings.Contains(err.Error(), name) {
		t.Errorf("after Close: error %v", err)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := New(file); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("a file in the folder's place: error %v", err)
	}
}
