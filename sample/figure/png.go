package figure

import (
	"bufio"
	"fmt"
	"image"
	"image/png"
	"io"
	"os"
	"path/filepath"
)

// WritePNG stores a picture in the file path, and creates its folder when there is
// none. The file appears whole or not at all: on an error what was there before is
// untouched.
func WritePNG(path string, m image.Image) error {
	return store(path, func(w io.Writer) error { return png.Encode(w, m) })
}

// store writes a file by way of a temporary one beside it.
func store(path string, encode func(w io.Writer) error) error {
	if err := replace(path, path+".tmp", encode); err != nil {
		return fmt.Errorf("writing picture %s: %w", path, err)
	}
	return nil
}

func replace(path, temporary string, encode func(w io.Writer) error) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	f, err := os.Create(temporary)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(temporary)
		}
	}()
	b := bufio.NewWriter(f)
	err = encode(b)
	if err == nil {
		err = b.Flush()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(temporary, path)
	}
	return err
}
