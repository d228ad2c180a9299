package figure

import (
	"bufio"
	"fmt"
	"image"
	"image/png"
	"io"

	"tweedie/data/durable"
)

// WritePNG stores a picture in the file path, and creates its folder when there is
// none. The file appears whole or not at all: on an error what was there before is
// untouched.
func WritePNG(path string, m image.Image) error {
	return store(path, func(w io.Writer) error { return png.Encode(w, m) })
}

// store writes a file, whole or not at all.
func store(path string, encode func(w io.Writer) error) error {
	err := durable.Write(path, func(w io.Writer) error {
		b := bufio.NewWriter(w)
		if err := encode(b); err != nil {
			return err
		}
		return b.Flush()
	})
	if err != nil {
		return fmt.Errorf("writing picture %s: %w", path, err)
	}
	return nil
}
