package data

import (
	"fmt"
	"math/rand/v2"

	"tweedie/data/random"
)

// Images is a list of images of one shape, from which a Loader draws batches: a [Set], [Drawn] images, or a list of
// one's own. It must be safe for concurrent use.
type Images interface {
	// Len returns the number of images.
	Len() int
	// Shape returns the shape of every image.
	Shape() (channels, height, width int)
	// Image writes image i, 0 <= i < Len, to dst, whose length is channels*height*width. What is random about it, such
	// as the position of a crop, is drawn from rng.
	Image(dst []float32, i int, rng *rand.Rand) error
	// String says where the images are from, for messages.
	String() string
}

// Endless is the number of Drawn images of which a training practically never sees one twice.
const Endless = 1 << 40

// Drawn are images that are not read but drawn, such as samples of a known distribution. Image i has a stream of random
// numbers of its own, (Seed, random.DrawnImages, First+i). So it is the same whenever it is used, none is kept in
// memory, and two lists with one seed are disjoint if their ranges of First+i are.
type Drawn struct {
	Channels, Height, Width int
	N                       int // number of images, which may be Endless
	Seed, First             uint64

	// Draw overwrites dst, one image. It draws from rng alone, and must be safe for concurrent use.
	Draw func(dst []float32, rng *rand.Rand)
}

// Len implements Images.
func (d Drawn) Len() int { return d.N }

// Shape implements Images.
func (d Drawn) Shape() (channels, height, width int) { return d.Channels, d.Height, d.Width }

// Image implements Images. It does not use rng.
func (d Drawn) Image(dst []float32, i int, _ *rand.Rand) error {
	if i < 0 || i >= d.N {
		return fmt.Errorf("data: %v: image %d of a list of %d", d, i, d.N)
	}
	if len(dst) != d.Channels*d.Height*d.Width {
		return fmt.Errorf("data: %v: image of %d numbers into a slice of %d",
			d, d.Channels*d.Height*d.Width, len(dst))
	}
	d.draw(dst, i)
	return nil
}

func (d Drawn) draw(dst []float32, i int) {
	d.Draw(dst, random.Stream(d.Seed, random.DrawnImages, d.First+uint64(i)))
}

// All returns the images, one after the other.
func (d Drawn) All() []float32 {
	size := d.Channels * d.Height * d.Width
	images := make([]float32, d.N*size)
	for i := range d.N {
		d.draw(images[i*size:][:size], i)
	}
	return images
}

// String implements Images.
func (d Drawn) String() string { return "drawn images" }
