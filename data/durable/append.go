package durable

import (
	"io"
	"os"
)

// An Appender adds data at the end of a file. Data that the disk does not take now stays in memory, and the next Flush
// tries again from the byte that was not written. An Appender is for one goroutine at a time.
type Appender struct {
	file    io.WriteCloser
	pending []byte // added and not written yet
}

// Append opens the file path to add data at its end. flag is os.O_CREATE, os.O_EXCL or both, as in os.OpenFile.
func Append(path string, flag int) (*Appender, error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND|flag, 0o666)
	if err != nil {
		return nil, err
	}
	return NewAppender(f), nil
}

// NewAppender returns an Appender that writes to file, and closes it.
func NewAppender(file io.WriteCloser) *Appender { return &Appender{file: file} }

// Add takes a copy of data to be written by the next Flush.
func (a *Appender) Add(data []byte) { a.pending = append(a.pending, data...) }

// Flush hands everything added to the operating system. After an error, a later Flush writes the rest.
func (a *Appender) Flush() error {
	n, err := a.file.Write(a.pending)
	a.pending = a.pending[:copy(a.pending, a.pending[n:])]
	return err
}

// Close flushes and closes the file. What cannot be written is lost.
func (a *Appender) Close() error {
	err := a.Flush()
	if closed := a.file.Close(); err == nil {
		err = closed
	}
	return err
}
