// Package readme tests what README.md promises.
package readme

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestLibraryProgram copies the program under "As a Go library" into a module of its own, which requires this one by a
// replace line, and runs it on a folder of images.
func TestLibraryProgram(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	program := libraryProgram(t, filepath.Join(root, "README.md"))
	if lines := strings.Count(program, "\n"); lines > 40 {
		t.Errorf("the program has %d lines, want at most 40", lines)
	}
	dir := t.TempDir()
	write(t, filepath.Join(dir, "main.go"), program)
	write(t, filepath.Join(dir, "go.mod"), module(t, root))
	write(t, filepath.Join(dir, "go.sum"), read(t, filepath.Join(root, "go.sum")))
	photos(t, filepath.Join(dir, "photos"))
	run := exec.Command("go", "run", ".")
	run.Dir = dir
	run.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off")
	if output, err := run.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	f, err := os.Open(filepath.Join(dir, "samples.png"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if m, err := png.Decode(f); err != nil || m.Bounds().Dx() < 3*16*4 {
		t.Errorf("samples.png: %v, error %v", m.Bounds(), err)
	}
}

// libraryProgram returns the first go block after the heading.
func libraryProgram(t *testing.T, readme string) string {
	_, section, found := strings.Cut(read(t, readme), "\n## As a Go library\n")
	_, block, fenced := strings.Cut(section, "```go\n")
	block, _, closed := strings.Cut(block, "```\n")
	if !found || !fenced || !closed {
		t.Fatal("README.md has no go block in a section \"As a Go library\"")
	}
	return block
}

// module is a go.mod that requires this module and what it requires.
func module(t *testing.T, root string) string {
	own := read(t, filepath.Join(root, "go.mod"))
	name, requirements, ok := strings.Cut(strings.TrimPrefix(own, "module "), "\n")
	if !ok {
		t.Fatalf("go.mod: %s", own)
	}
	return fmt.Sprintf("module example\n%s\nrequire %s v0.0.0\n\nreplace %s => %s\n", requirements, name, name, root)
}

// photos writes images of discs on a plain ground, each of other colours.
func photos(t *testing.T, dir string) {
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	const side = 20
	for i := range 40 {
		m := image.NewRGBA(image.Rect(0, 0, side, side))
		for p := range side * side {
			x, y := p%side, p/side
			c := color.RGBA{uint8(6 * i), 40, uint8(255 - 6*i), 255}
			if (x-10)*(x-10)+(y-10)*(y-10) < 10+i {
				c = color.RGBA{250, uint8(6 * i), 30, 255}
			}
			m.Set(x, y, c)
		}
		f, err := os.Create(filepath.Join(dir, fmt.Sprintf("%02d.png", i)))
		if err == nil {
			err = png.Encode(f, m)
		}
		if err == nil {
			err = f.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func read(t *testing.T, path string) string {
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func write(t *testing.T, path, text string) {
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
