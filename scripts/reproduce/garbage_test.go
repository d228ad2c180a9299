package main

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"tweedie/data"
	"tweedie/sample/inverse"
	"tweedie/sample/metric"
	"tweedie/sample/result"
)

const (
	side, pixels = 16, 256
	samples      = 512
	characters   = 36
)

// characterOf returns the character of image i of n that are sorted by character.
func characterOf(i, n int) string { return "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[i*characters/n:][:1] }

// A gallery scores real images in the place of samples, and garbage made of them.
type gallery struct {
	training  []float32 // built-in images
	images    []float32 // others, sorted by character
	order     []int     // random order of these
	mean      []float32
	reference *metric.Reference
	real      []result.Score
}

var open = sync.OnceValues(func() (*gallery, error) {
	set, err := data.Open(data.Options{Path: "glyphs", Size: side, Channels: 1})
	if err != nil {
		return nil, err
	}
	defer set.Close()
	const count = 3456 // evenly spaced, so 96 of each character
	g := &gallery{mean: make([]float32, pixels)}
	var classes []string
	for i := range count {
		classes = append(classes, characterOf(i, count))
	}
	all, err := set.EvenlySpaced(context.Background(), 2*count, set.Len())
	if err != nil {
		return nil, err
	}
	for i := range count { // half of the images are nowhere in the reference
		g.training = append(g.training, all[2*i*pixels:][:pixels]...)
		g.images = append(g.images, all[(2*i+1)*pixels:][:pixels]...)
	}
	for i, v := range g.training {
		g.mean[i%pixels] += v / count
	}
	g.order = rand.New(rand.NewPCG(1, 1)).Perm(count)
	g.reference, err = metric.NewReference(g.training, pixels, metric.ReferenceOptions{
		Features: 32, Seed: 1, Shape: inverse.Shape{Channels: 1, Height: side, Width: side},
		Classes: classes,
	})
	if err != nil {
		return nil, err
	}
	g.real, err = g.reference.Floor(samples)
	return g, err
})

func scored(t *testing.T, g *gallery, images []float32) []result.Score {
	t.Helper()
	scores, err := g.reference.Measure(images)
	if err != nil {
		t.Fatal(err)
	}
	return scores
}

func openGallery(t *testing.T) *gallery {
	t.Helper()
	g, err := open()
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// held returns real images that are not in the reference: set number k, which shares no image with the others. Images
// of the first missing characters from number 10 on are left out.
func (g *gallery) held(k, missing int) (images []float32) {
	n := 0
	for _, i := range g.order {
		if c := i * characters / len(g.order); c >= 10 && c < 10+missing {
			continue
		}
		if n >= k*samples && n < (k+1)*samples {
			images = append(images, g.images[i*pixels:][:pixels]...)
		}
		n++
	}
	return images
}

// garbage returns sets of samples that must be refuted. They are made of the real images of held(0, 0), or of others.
func (g *gallery) garbage(t *testing.T) map[string][]float32 {
	t.Helper()
	real := g.held(0, 0)
	rng := rand.New(rand.NewPCG(2, 1))
	each := func(change func(i int, v float32) float32) []float32 {
		changed := make([]float32, len(real))
		for i, v := range real {
			changed[i] = change(i, v)
		}
		return changed
	}
	blur, err := inverse.GaussianBlur(inverse.Shape{Channels: 1, Height: side, Width: side}, 0.7, inverse.Symmetric)
	if err != nil {
		t.Fatal(err)
	}
	blurred := make([]float32, len(real))
	for i := range samples {
		blur.Apply(blurred[i*pixels:][:pixels], real[i*pixels:][:pixels])
	}
	var memorised []float32
	for i := range samples {
		memorised = append(memorised, g.training[6*i*pixels:][:pixels]...)
	}
	return map[string][]float32{
		"white noise":    each(func(int, float32) float32 { return float32(rng.NormFloat64()) }),
		"blurred":        blurred,
		"one repeated":   slices.Repeat(real[:pixels], samples),
		"memorised":      memorised,
		"half variance":  each(func(i int, v float32) float32 { m := g.mean[i%pixels]; return m + (v-m)/math.Sqrt2 }),
		"leftover noise": each(func(_ int, v float32) float32 { return v + float32(0.05*rng.NormFloat64()) }),

		"one class missing": g.held(0, 1),
	}
}
