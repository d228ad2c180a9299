package data

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// noise returns images of independent Gaussian pixels.
func noise(n int, seed, first uint64) Drawn {
	return Drawn{Channels: 1, Height: 2, Width: 3, N: n, Seed: seed, First: first,
		Draw: func(dst []float32, rng *rand.Rand) {
			for j := range dst {
				dst[j] = float32(rng.NormFloat64())
			}
		}}
}

// TestDrawnImages: an image depends on seed and number alone, and lists of different ranges or seeds share none.
func TestDrawnImages(t *testing.T) {
	whole := noise(10, 1, 0).All()
	if second := noise(4, 1, 6).All(); !slices.Equal(second, whole[6*6:]) {
		t.Error("images 6 to 9 are not those of the list that starts at 6")
	}
	if other := noise(10, 2, 0).All(); other[0] == whole[0] {
		t.Error("two seeds give one image")
	}
	image := make([]float32, 6)
	if err := noise(10, 1, 0).Image(image, 7, rand.New(rand.NewPCG(5, 6))); err != nil {
		t.Error(err)
	}
	if !slices.Equal(image, whole[7*6:8*6]) {
		t.Error("an image depends on what was used before it, or on the loader's random numbers")
	}
	for want, err := range map[string]error{
		"image 10 of a list of 10": noise(10, 1, 0).Image(image, 10, nil),
		"into a slice of 5":        noise(10, 1, 0).Image(image[:5], 0, nil),
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
}

// TestLoaderOfDrawnImages: batches of a short list repeat its images and no others, and those of an endless one never
// repeat. A loader that starts later gives the same batches.
func TestLoaderOfDrawnImages(t *testing.T) {
	draw := LoaderOptions{Batch: 8, Seed: 3}
	for _, n := range []int{5, Endless} {
		whole := slices.Concat(batches(t, noise(n, 1, 0), draw, 20)...)
		seen := map[float32]bool{}
		for image := range slices.Chunk(whole, 6) {
			seen[image[0]] = true
		}
		if want := min(n, 160); len(seen) != want {
			t.Errorf("160 images of a list of %d: %d are different, want %d", n, len(seen), want)
		}
		later := draw
		later.First = 15
		if resumed := slices.Concat(batches(t, noise(n, 1, 0), later, 5)...); !slices.Equal(resumed, whole[15*48:]) {
			t.Errorf("list of %d: from batch 15 on, batches differ", n)
		}
	}
}
