package data

import (
	"slices"
	"strings"
	"testing"
)

// box returns the rows and columns that hold anything brighter than level.
func box(image []float32, size int, level float32) (top, bottom, left, right int) {
	top, left, bottom, right = size, size, -1, -1
	for k, v := range image {
		if v > level {
			top, bottom = min(top, k/size), max(bottom, k/size)
			left, right = min(left, k%size), max(right, k%size)
		}
	}
	return top, bottom, left, right
}

// levelsOf returns the 8-bit samples of an image.
func levelsOf(image []float32) []byte {
	samples := make([]byte, len(image))
	for k, v := range image {
		samples[k] = byte((v+1)*127.5 + 0.5)
	}
	return samples
}

// TestGlyphs requires that every glyph lies inside its frame, centred, white on black.
func TestGlyphs(t *testing.T) {
	for _, size := range []int{24, 32} {
		s := open(t, Options{Path: "glyphs", Size: size, Channels: 1})
		seen := map[string]bool{}
		images := slices.Collect(slices.Chunk(all(t, s), size*size))
		for i, image := range images {
			top, bottom, left, right := box(image, size, -1)
			if top < 1 || left < 1 || bottom > size-2 || right > size-2 {
				t.Errorf("size %d: %s touches the border", size, s.Name(i))
			}
			slack := 2*0.02*float64(size) + 0.04*float64(size) + 2
			if d := float64(top + bottom - size + 1); d < -slack || d > slack {
				t.Errorf("size %d: %s is off the centre by %v half pixels", size, s.Name(i), d)
			}
			if slices.Max(image) < 0.5 || slices.Min(image) != -1 || slices.Max(image) > 1 {
				t.Errorf("size %d: %s is not white on black", size, s.Name(i))
			}
			if strings.HasPrefix(s.Name(i), "glyphs/H/") {
				top, bottom, _, _ := box(image, size, 0)
				height := float64(bottom-top+1) / float64(size)
				if height < 0.66 || height > glyphExtent+1/float64(size) {
					t.Errorf("size %d: %s fills %v of the height", size, s.Name(i), height)
				}
			}
			seen[string(levelsOf(image))] = true
		}
		if len(seen) != s.Len() || s.Len() < 10000 {
			t.Errorf("size %d: %d of %d glyphs are distinct", size, len(seen), s.Len())
		}
	}
}

// TestGlyphIsAFunctionOfItsIndex requires that a glyph does not depend on the glyphs drawn before, the number of
// channels, or whether its side is given as a size or as a crop.
func TestGlyphIsAFunctionOfItsIndex(t *testing.T) {
	gray := open(t, Options{Path: "glyphs", Size: 16, Channels: 1})
	colour := open(t, Options{Path: "glyphs", Crop: 16, Channels: 3})
	if gray.Name(0) != colour.Name(0) || len(slices.Compact(slices.Sorted(slices.Values(names(gray))))) != gray.Len() {
		t.Error("names are not distinct, or depend on the options")
	}
	one, three := make([]float32, 16*16), make([]float32, 3*16*16)
	for i := gray.Len() - 1; i >= 0; i -= 97 {
		if err := gray.Image(one, i, nil); err != nil {
			t.Fatal(err)
		}
		if err := colour.Image(three, i, nil); err != nil {
			t.Fatal(err)
		}
		for channel := range slices.Chunk(three, 16*16) {
			if !slices.Equal(channel, one) {
				t.Fatalf("%s differs between one and three channels", gray.Name(i))
			}
		}
	}
}
