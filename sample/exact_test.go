package main

import (
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tweedie/experiments"
)

// Sampling needs no network: the walk on a data set's own denoiser ends at its images.
func TestExactDenoisers(t *testing.T) {
	t.Chdir(t.TempDir())
	exact := strings.Replace(tiny[:strings.Index(tiny, "[[walk]]\nname = \"geometric\"")],
		"steps = 4, max = 10.0, min = 0.1", "steps = 60, max = 20.0, min = 0.01", 1)
	exact = strings.Replace(exact, "channels = 1", "channels = 1\nvalidation = 0.9", 1) // few images to fit to
	write(t, "tiny.toml", exact)
	for _, kind := range []string{"gaussian", "mixture", "data"} {
		stdout, stderr := sample(t, 0, "-experiment", "tiny.toml", "-checkpoint", "exact:"+kind)
		path := "runs/tiny/figures/exact-" + kind + "/sigmoid.png"
		if !strings.HasPrefix(filepath.ToSlash(stdout), "wrote "+path+"\n") ||
			!strings.Contains(stderr, "training images of glyphs") || strings.Contains(stderr, "weights") {
			t.Errorf("%s: printed %q and %q", kind, stdout, stderr)
		}
		picture(t, path)
	}
	e, err := experiments.Parse("tiny.toml", []byte(exact))
	if err != nil {
		t.Fatal(err)
	}
	set, _, err := e.Data.Open()
	if err != nil {
		t.Fatal(err)
	}
	images, err := set.EvenlySpaced(t.Context(), set.Len(), set.Len())
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open("runs/tiny/figures/exact-data/sigmoid.png")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	grid, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	least := 1.0 // mean squared difference of the first sample from the nearest image
	for i := 0; i < len(images); i += 64 {
		squares := 0.0
		for k, v := range images[i : i+64] {
			level, _, _, _ := grid.At(14*(k%8)+7, 14*(k/8)+7).RGBA()
			e := float64(level)/65535*2 - 1 - float64(v)
			squares += e * e / 64
		}
		least = min(least, squares)
	}
	if least > 0.02*0.02 {
		t.Errorf("the first sample is no image of the data set: a mean squared difference of %g", least)
	}
}

func TestExactDenoiserOfTheNewestRun(t *testing.T) {
	newRun(t)
	stdout, _ := sample(t, 0, "-checkpoint", "exact:gaussian")
	if !strings.Contains(filepath.ToSlash(stdout), "runs/tiny/figures/exact-gaussian/geometric.png") {
		t.Errorf("printed %q", stdout)
	}
	if _, err := os.Stat("runs/tiny/figures/geometric.png"); err == nil {
		t.Error("the network's picture was written")
	}
}
