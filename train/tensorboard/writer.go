// Package tensorboard writes event files, from which TensorBoard draws the curves
// and shows the images of a run while it goes on.
//
// An event file is a sequence of records (record.go), each of which holds one
// protocol buffer of TensorFlow's type Event (event.go).
//
// The package must not know what the values mean, or when training reports them.
package tensorboard

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"image"
	"io/fs"
	"os"
	"path/filepath"
	"time"
	"unicode/utf8"
)

// A Writer appends events to one file. Events are buffered: TensorBoard sees them
// after Flush or Close. A Writer is for one goroutine at a time.
type Writer struct {
	file   *os.File
	buffer *bufio.Writer
}

// New creates an event file, events.out.tfevents.<unix seconds>.<host>, in the
// folder dir, and the folder when there is none. A run that is resumed starts
// another file in the same folder; TensorBoard joins them. Where the name is
// taken, a number follows it.
func New(dir string) (*Writer, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, fmt.Errorf("creating a folder for TensorBoard: %w", err)
	}
	host, err := os.Hostname()
	if err != nil {
		host = "localhost"
	}
	name := filepath.Join(dir, fmt.Sprintf("events.out.tfevents.%d.%s", time.Now().Unix(), host))
	file, err := create(name)
	for i := 1; errors.Is(err, fs.ErrExist); i++ {
		file, err = create(fmt.Sprintf("%s.%d", name, i))
	}
	if err != nil {
		return nil, fmt.Errorf("creating a file for TensorBoard: %w", err)
	}
	w := &Writer{file, bufio.NewWriter(file)}
	if err := cmp.Or(w.write(fileVersion(time.Now())), w.Flush()); err != nil {
		file.Close()
		return nil, err
	}
	return w, nil
}

func create(name string) (*os.File, error) {
	return os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
}

// Scalar adds a point to the curve called tag. TensorBoard groups tags by what is
// before a slash, as in train/loss. The file has value in single precision; NaN
// and infinities are shown as such.
func (w *Writer) Scalar(tag string, step int64, value float64) error {
	if err := w.check(tag); err != nil {
		return err
	}
	return w.write(summary(time.Now(), step, scalar(tag, value)))
}

// Image adds a picture, stored as PNG, to those called tag. An empty picture is
// an error.
func (w *Writer) Image(tag string, step int64, img image.Image) error {
	if err := w.check(tag); err != nil {
		return err
	}
	value, err := picture(tag, img)
	if err != nil {
		return fmt.Errorf("%s: image %q: %w", w.file.Name(), tag, err)
	}
	return w.write(summary(time.Now(), step, value))
}

// Flush hands to the operating system what was added.
func (w *Writer) Flush() error {
	if err := w.buffer.Flush(); err != nil {
		return fmt.Errorf("writing for TensorBoard: %w", err)
	}
	return nil
}

// Close flushes, and closes the file.
func (w *Writer) Close() error {
	flushed := w.Flush()
	if err := w.file.Close(); flushed == nil && err != nil {
		return fmt.Errorf("writing for TensorBoard: %w", err)
	}
	return flushed
}

func (w *Writer) write(event []byte) error {
	if _, err := w.buffer.Write(appendRecord(nil, event)); err != nil {
		return fmt.Errorf("writing for TensorBoard: %w", err)
	}
	return nil
}

func (w *Writer) check(tag string) error {
	if tag == "" || !utf8.ValidString(tag) {
		return fmt.Errorf("%s: %q is no tag; some UTF-8 text is right", w.file.Name(), tag)
	}
	return nil
}
