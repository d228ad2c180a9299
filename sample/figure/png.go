package figure

import (
	"bufio"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
)

// WritePNG stores a picture in the file path, and creates its folder when there is
// none. The file appears whole or not at all: on an error what was there before is
// untouched.
func WritePNG(path string, m image.Image) error {
	if err := writePNG(path, path+".tmp", m); err != nil {
		return fmt.Errorf("writing picture %s: %w", path, err)
	}
	return nil
}

func writePNG(path, temporary string, m image.Image) (err error) {
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
	err = png.Encode(b, m)
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
