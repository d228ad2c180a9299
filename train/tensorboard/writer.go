// Package tensorboard writes event files, from which TensorBoard draws the curves and shows the images of a run while
// it goes on.
//
// An event file is a sequence of records (record.go), each of which holds one protocol buffer of TensorFlow's type
// Event (event.go).
//
// The package must not know what the values mean, or when training reports them.
package tensorboard

import (
	"errors"
	"fmt"
	"image"
	"io/fs"
	"os"
	"path/filepath"
	"time"
	"unicode/utf8"

	"tweedie/data/durable"
)

// A Writer appends events to one file. Events are buffered: TensorBoard sees them after Flush or Close. Events that
// cannot be written now, because the disk is full, are written by a later Flush. A Writer is for one goroutine at a
// time.
type Writer struct {
	name string
	file *durable.Appender
}

// New creates an event file, events.out.tfevents.<unix seconds>.<host>, in the folder dir, and the folder if needed. If
// the name is taken, a number follows it. A resumed run starts another file in the same folder; TensorBoard joins them.
func New(dir string) (*Writer, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, fmt.Errorf("creating a folder for TensorBoard: %w", err)
	}
	host, err := os.Hostname()
	if err != nil {
		host = "localhost"
	}
	name := filepath.Join(dir, fmt.Sprintf("events.out.tfevents.%d.%s", time.Now().Unix(), host))
	path := name
	file, err := durable.Append(path, os.O_CREATE|os.O_EXCL)
	for i := 1; errors.Is(err, fs.ErrExist); i++ {
		path = fmt.Sprintf("%s.%d", name, i)
		file, err = durable.Append(path, os.O_CREATE|os.O_EXCL)
	}
	if err != nil {
		return nil, fmt.Errorf("creating a file for TensorBoard: %w", err)
	}
	w := &Writer{path, file}
	w.write(fileVersion(time.Now()))
	if err := w.Flush(); err != nil {
		file.Close()
		return nil, err
	}
	return w, nil
}

// Scalar adds a point to the curve called tag. TensorBoard groups tags by the part before a slash, as in train/loss.
// The file has value in single precision; NaN and infinities are shown as such.
func (w *Writer) Scalar(tag string, step int64, value float64) error {
	if err := w.check(tag); err != nil {
		return err
	}
	w.write(summary(time.Now(), step, scalar(tag, value)))
	return nil
}

// Image adds a picture, stored as PNG, to those called tag. An empty picture is an error.
func (w *Writer) Image(tag string, step int64, img image.Image) error {
	if err := w.check(tag); err != nil {
		return err
	}
	value, err := picture(tag, img)
	if err != nil {
		return fmt.Errorf("%s: image %q: %w", w.name, tag, err)
	}
	w.write(summary(time.Now(), step, value))
	return nil
}

// Flush hands everything added to the operating system. After an error, a later Flush writes the rest.
func (w *Writer) Flush() error {
	return named(w.file.Flush())
}

// Close flushes, and closes the file.
func (w *Writer) Close() error { return named(w.file.Close()) }

func named(err error) error {
	if err != nil {
		return fmt.Errorf("writing for TensorBoard: %w", err)
	}
	return nil
}

func (w *Writer) write(event []byte) { w.file.Add(appendRecord(nil, event)) }

func (w *Writer) check(tag string) error {
	if tag == "" || !utf8.ValidString(tag) {
		return fmt.Errorf("%s: %q is no tag; some UTF-8 text is right", w.name, tag)
	}
	return nil
}
