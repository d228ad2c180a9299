package data

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
)

// wantPath completes every error about a path.
const wantPath = `"glyphs" (built in), a folder of images, or a .zip of images`

// extensions of the formats that decode reads.
var extensions = []string{".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp"}

// maxFileBytes bounds one image file, unpacked.
const maxFileBytes = 1 << 30

// files is a source of the image files of a folder or a zip.
type files struct {
	fsys     fs.FS
	names    []string
	channels int
	io.Closer
}

func openFiles(o Options) (source, error) {
	fsys, closer, err := openTree(o.Path)
	if err != nil {
		return nil, err
	}
	names, err := findImages(fsys)
	if err == nil && len(names) == 0 {
		err = fmt.Errorf("no image file: looked in all folders for %s", strings.Join(extensions, " "))
	}
	if err != nil {
		closer.Close()
		return nil, fmt.Errorf("data: %s: %w", o.Path, err)
	}
	return &files{fsys, names, o.Channels, closer}, nil
}

// openTree opens a folder or a zip as a tree of files. Its errors name the path and the package.
func openTree(name string) (fs.FS, io.Closer, error) {
	info, err := os.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, fmt.Errorf("data: %s does not exist: want %s: %w", name, wantPath, fs.ErrNotExist)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("data: %w", err)
	}
	if info.IsDir() {
		return os.DirFS(name), io.NopCloser(nil), nil
	}
	archive, err := zip.OpenReader(name)
	if err != nil {
		return nil, nil, fmt.Errorf("data: %s is neither a folder nor a readable .zip: want %s: %w",
			name, wantPath, err)
	}
	return archive, archive, nil
}

// findImages returns the names of the image files of a tree, sorted.
func findImages(fsys fs.FS) ([]string, error) {
	var names []string
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		hidden := name != "." && strings.HasPrefix(d.Name(), ".")
		switch {
		case err != nil:
			return err
		case d.IsDir() && (hidden || d.Name() == "__MACOSX"):
			return fs.SkipDir
		case !d.IsDir() && !hidden && slices.Contains(extensions, strings.ToLower(path.Ext(name))):
			names = append(names, name)
		}
		return nil
	})
	slices.Sort(names)
	return names, err
}

func (f *files) len() int          { return len(f.names) }
func (f *files) name(i int) string { return f.names[i] }

func (f *files) read(i int) (*raster, error) {
	file, err := f.fsys.Open(f.names[i])
	if err != nil {
		return nil, err
	}
	defer file.Close()
	encoded, err := io.ReadAll(io.LimitReader(file, maxFileBytes+1))
	if err != nil {
		return nil, err
	}
	if len(encoded) > maxFileBytes {
		return nil, fmt.Errorf("file is larger than %d bytes", maxFileBytes)
	}
	return decode(encoded, f.channels)
}
