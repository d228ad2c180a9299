package experiments

import (
	"flag"
	"os"
	"strings"
	"testing"

	"tweedie/experiments/strict"
)

var update = flag.Bool("update", false, "write the reference of keys anew")

const (
	referenceFile = "REFERENCE.md"
	referenceHead = `# Keys of an experiment's file

This page lists every key that an experiment may have. The files *.toml beside it are built-in experiments, and show
the keys in use; start with [glyphs.toml](glyphs.toml).

It is generated from the tables that read the files. After a change of these, write it anew:

    go test ./experiments -run TestReference -update

Noise levels sigma are standard deviations, in units of images whose values are in [-1, 1]. Paths are relative to the
folder in which the program is started. A table inside another may be written on one line,
` + "`schedule = { kind = \"pretrained\", steps = 100 }`" + `, or below a heading of its own, ` +
		"`[walk.schedule]`" + `. Where a table has kinds, its key ` + "`kind`" + ` is required, and says
which other keys there are.

## The file
`
)

// The page must agree with the tables, and every key must have a meaning.
func TestReference(t *testing.T) {
	keys, err := strict.Reference(new(Experiment))
	if err != nil {
		t.Error(err)
	}
	want := referenceHead + keys
	if *update {
		if err := os.WriteFile(referenceFile, []byte(want), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(referenceFile)
	if err != nil {
		t.Fatal(err)
	}
	if text := strings.ReplaceAll(string(got), "\r\n", "\n"); text != want {
		t.Errorf("%s is not what the tables say; write it anew: go test ./experiments -run TestReference -update",
			referenceFile)
	}
}
