package study_test

import (
	"context"
	"fmt"
	"log"
	"os"

	"tweedie/experiments"
	"tweedie/sample/study"
)

// Run an experiment from a program of your own. Here the denoiser is known in closed form; Options.Checkpoint also
// takes a file of weights, or a run folder.
func ExampleRun() {
	e, err := experiments.Parse("mine.toml", []byte(`
[data]
path = "glyphs"
size = 8
channels = 1
[[walk]]
name = "letters"
samples = 4
schedule = { kind = "sigmoid", steps = 20, max = 10.0, min = 0.01 }
step = { kind = "proportional", epsilon = 0.7 }
temperature = { kind = "linear", from = 0.1, to = 1.0 }
`))
	if err != nil {
		log.Fatal(err)
	}
	folder, err := os.MkdirTemp("", "letters")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)

	made, err := study.Run(context.Background(), e, study.Options{Checkpoint: "exact:gaussian", Folder: folder})
	if err != nil {
		log.Fatal(err)
	}
	for _, w := range made.Walks {
		fmt.Printf("%s: %d samples in %s, after %d calls of the denoiser each\n", w.Name, w.Samples, w.Picture, w.Calls)
	}
	// Output: letters: 4 samples in letters.png, after 20 calls of the denoiser each
}
