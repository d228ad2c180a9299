package durable

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

var errFull = errors.New("no space left on device")

// A disk takes room bytes and then is full.
type disk struct {
	bytes.Buffer
	room int
}

func (d *disk) Write(p []byte) (int, error) {
	if n := d.room; n < len(p) {
		d.room = 0
		d.Buffer.Write(p[:n])
		return n, errFull
	}
	d.room -= len(p)
	return d.Buffer.Write(p)
}

func (d *disk) Close() error { return nil }

// TestAppenderOutlastsAFullDisk fills the disk in the middle of lines again and again: nothing is lost or written
// twice.
func TestAppenderOutlastsAFullDisk(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	d := &disk{}
	a := NewAppender(d)
	var want bytes.Buffer
	failures := 0
	for i := range 200 {
		line := bytes.Repeat([]byte{byte('a' + i%26)}, rng.IntN(20))
		want.Write(line)
		a.Add(line)
		d.room += rng.IntN(15)
		if a.Flush() != nil {
			failures++
		}
	}
	d.room = want.Len()
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(d.Bytes(), want.Bytes()) || failures < 10 {
		t.Errorf("after %d failures, wrote\n%s\nwant\n%s", failures, d.Bytes(), want.Bytes())
	}
	d.room = 0
	a.Add([]byte("x"))
	if err := a.Close(); !errors.Is(err, errFull) {
		t.Errorf("closing with data that cannot be written: %v", err)
	}
}

// TestWriteLeavesTheOldFile when the new content fails half way.
func TestWriteLeavesTheOldFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "new", "file")
	text := func(s string, err error) func(io.Writer) error {
		return func(w io.Writer) error { io.WriteString(w, s); return err }
	}
	if err := Write(path, text("old", nil)); err != nil {
		t.Fatal(err)
	}
	if err := Write(path, text("ne", errFull)); !errors.Is(err, errFull) {
		t.Errorf("error %v", err)
	}
	if b, _ := os.ReadFile(path); string(b) != "old" {
		t.Errorf("the file is %q", b)
	}
	if left, _ := os.ReadDir(filepath.Dir(path)); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
}
