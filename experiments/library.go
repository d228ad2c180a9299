package experiments

import (
	"embed"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"tweedie/experiments/strict"
)

//go:embed *.toml paper/*.toml
var library embed.FS

// Names returns the names of the built-in experiments in alphabetical order: "glyphs", "paper/figure1a".
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

// Load returns the built-in experiment of that name or, if the name ends in ".toml", reads that file. An unknown name
// is an error that lists the built-in experiments.
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
		if near, ok := strict.Nearest(nameOrFile, Names()); ok {
			hint = fmt.Sprintf("; did you mean %q?", near)
		}
		return nil, fmt.Errorf("experiment %q is unknown%s; built in are %s; any other is the path of a .toml file",
			nameOrFile, hint, strict.Quoted(Names()))
	}
	e, err := Parse(nameOrFile+".toml", source)
	if err != nil {
		return nil, err
	}
	e.Name = nameOrFile
	return e, nil
}
