// Package data reads images: from a folder, from a .zip, or from the built-in glyphs, brought to one size and to one or
// three channels. A [Set] gives single images, a [Loader] gives the batches of training.
//
// Images are float32, CHW (channel, row, column), in [-1, 1]: an 8-bit value v becomes v/127.5 - 1 and a 16-bit value
// v/32767.5 - 1, in float32 arithmetic.
//
// The package must not know what images are for: no noise, no network, no experiment file. It never writes.
package data

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
)

// Options determine which images a Set holds and how they are brought to one size.
type Options struct {
	// Path is a folder (searched recursively), a .zip, or "glyphs": the built-in images. "./glyphs" is a folder of that
	// name.
	Path string

	// Size scales an image so that its shorter side has Size pixels, and cuts out its centre, Size x Size. An image of
	// this size is not changed.
	Size int

	// Crop, given instead of Size, cuts Crop x Crop pixels out of images without scaling them. A smaller image counts
	// as unreadable. Glyphs, which have no size of their own, are drawn at Crop x Crop.
	Crop int

	// Channels is 1 or 3. Alpha is composited on white; colour becomes gray by
	// Rec. 601 luma; gray becomes three equal channels.
	Channels int

	// CacheBytes bounds the memory of decoded images, at 8 or 16 bits per sample. Images beyond the bound are decoded
	// whenever they are used. 0 means 1 GiB.
	CacheBytes int64
}

// check reports the first invalid field.
func (o Options) check() error {
	switch {
	case o.Path == "":
		return fmt.Errorf("data: path is empty: want %s", wantPath)
	case o.Size < 0 || o.Crop < 0 || (o.Size > 0) == (o.Crop > 0):
		return fmt.Errorf("data: %s: size = %d and crop = %d: want exactly one of them, positive",
			o.Path, o.Size, o.Crop)
	case o.Channels != 1 && o.Channels != 3:
		return fmt.Errorf("data: %s: channels = %d: want 1 or 3", o.Path, o.Channels)
	case o.CacheBytes < 0:
		return fmt.Errorf("data: %s: a cache of %d bytes: want 0 (1 GiB) or more", o.Path, o.CacheBytes)
	}
	return nil
}

// A Set is a list of images of one shape, sorted by name. It is safe for concurrent use.
type Set struct {
	*collection
	index []int // the images of this set among those of the collection
}

// Open lists the images of o.Path without decoding them. Images are files whose names end in .png, .jpg, .jpeg, .gif,
// .bmp, .tif, .tiff or .webp in any case, sorted by their slash-separated names below Path, which are the same in a
// folder and in its zip. Hidden files and folders and __MACOSX are skipped, and links to folders are not followed. It
// is an error if there is no image.
func Open(o Options) (*Set, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	open := openFiles
	if o.Path == glyphsPath {
		open = openGlyphs
	}
	source, err := open(o)
	if err != nil {
		return nil, err
	}
	c := newCollection(o, source)
	index := make([]int, len(c.entries))
	for i := range index {
		index[i] = i
	}
	return &Set{c, index}, nil
}

// Len returns the number of images, readable or not.
func (s *Set) Len() int { return len(s.index) }

// Shape returns the shape of every image of the set.
func (s *Set) Shape() (channels, height, width int) {
	side := s.options.Size + s.options.Crop // one of them is zero
	return s.options.Channels, side, side
}

// String returns the path, for messages.
func (s *Set) String() string { return s.options.Path }

// Name returns the slash-separated name of image i below the set's path.
func (s *Set) Name(i int) string { return s.name(s.index[i]) }

// Image writes image i to dst, whose length must be channels*height*width. With Options.Crop the crop's position, top
// then left, is drawn from rng; if rng is nil, it is the centre. Otherwise rng is not used.
//
// If image i cannot be read, the next readable image of the set takes its place (the first follows the last), and
// [Set.Unreadable] reports it. It is an error if the set is empty, closed, or has no readable image.
func (s *Set) Image(dst []float32, i int, rng *rand.Rand) error {
	channels, height, width := s.Shape()
	if i < 0 || i >= len(s.index) {
		return fmt.Errorf("data: %s: image %d of a set of %d", s.options.Path, i, len(s.index))
	}
	if len(dst) != channels*height*width {
		return fmt.Errorf("data: %s: image of %d numbers into a slice of %d",
			s.options.Path, channels*height*width, len(dst))
	}
	r, err := s.readable(i)
	if err != nil {
		return err
	}
	top, left := (r.height-height)/2, (r.width-width)/2
	if s.options.Crop > 0 && rng != nil {
		top, left = rng.IntN(r.height-height+1), rng.IntN(r.width-width+1)
	}
	r.unpack(dst, channels, top, left, height, width)
	return nil
}

// EvenlySpaced returns n images, one after the other, at even distances among the first images of the set, which are
// numbered 0 to among-1. (A set may be sorted by classes, so its first n images need not be typical.) Crops are of the
// centre. Errors are those of Image, and ctx's if it ends before.
func (s *Set) EvenlySpaced(ctx context.Context, n, among int) ([]float32, error) {
	return EvenlySpaced(ctx, s, n, among)
}

// EvenlySpaced is that of a Set, for any images.
func EvenlySpaced(ctx context.Context, s Images, n, among int) ([]float32, error) {
	channels, height, width := s.Shape()
	size := channels * height * width
	images := make([]float32, n*size)
	for i := range n {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := s.Image(images[i*size:][:size], i*among/n, nil); err != nil {
			return nil, err
		}
	}
	return images, nil
}

// readable returns the first readable image from i on, cyclically.
func (s *Set) readable(i int) (*raster, error) {
	for k := range s.index {
		r, err := s.load(s.index[(i+k)%len(s.index)])
		if err == nil || errors.Is(err, errClosed) {
			return r, err
		}
	}
	return nil, fmt.Errorf("data: %s: none of the %d images can be read; the first: %w",
		s.options.Path, len(s.index), s.Unreadable()[0])
}

// Unreadable returns an error for each image of the set that could not be read so far, in the order of the set. Each
// names its file.
func (s *Set) Unreadable() []error {
	var errs []error
	for _, j := range s.index {
		if e := s.entries[j].Load(); e != nil && e.err != nil {
			errs = append(errs, e.err)
		}
	}
	return errs
}

// Close closes the files of the set, and of every set that was split from the same one. Loaders of these sets must be
// closed first.
func (s *Set) Close() error { return s.collection.close() }
