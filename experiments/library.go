package experiments

import (
	"embed"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
)

//go:embed *.toml paper/*.toml
var library embed.FS

// Names returns the names of the built-in experiments, sorted: "glyphs", or "paper/figure1a" in a folder.
func Names() []string {
	var names []string
	fs.WalkDir(library, ".", func(path string, _ fs.DirEntry, _ error) error {
		if name, ok := strings.CutSuffix(path, ".toml"); ok {
			names = append(names, name)
		}
		return nil
	})
	slices.Sort(names)
	return names
}

// Load returns the built-in experiment of that name, or reads the file if the name ends
// in ".toml". An unknown name is an error that lists the built-in ones.
func Load(nameOrFile string) (*Experiment, error) {
	if strings.HasSuffix(nameOrFile, ".toml") {
		source, err := os.ReadFile(nameOrFile)
		if err != nil {
			return nil, fmt.Errorf("experiment: %w", err)
		}
		return Parse(nameOrFile, source)
	}
	source, err := library.ReadFile(nameOrFile + ".toml")
	if err != nil {
		hint := ""
		if near, ok := nearest(nameOrFile, Names()); ok {
			hint = fmt.Sprintf("; did you mean %q?", near)
		}
		return nil, fmt.Errorf("experiment %q is unknown%s; built in are %s; any other is the path of a .toml file",
			nameOrFile, hint, quoted(Names()))
	}
	e, err := Parse(nameOrFile+".toml", source)
	if err != nil {
		return nil, err
	}
	e.Name = nameOrFile
	return e, nil
}
