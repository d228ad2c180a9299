package report

import (
	"bytes"
	"encoding/base64"
	"image/png"
	"strings"
	"testing"
)

// TestPicturesWithoutScript checks that samples, figures and states are shown where scripts are off, each with words
// for those who cannot see it, and as a link to its full size.
func TestPicturesWithoutScript(t *testing.T) {
	_, page := written(t)
	ids := map[string]bool{}
	for _, id := range append(tags(page, "span"), tags(page, "a")...) {
		if id := attribute(id, "id"); id != "" {
			if ids[id] {
				t.Errorf("two elements have the id %s", id)
			}
			ids[id] = true
		}
	}
	shown := map[string]int{}
	for i, before := range strings.Split(page, "<img")[1:] {
		image := tags("<img"+before, "img")[0]
		if attribute(image, "src") == "" {
			continue // the slider's, which a script fills
		}
		shown[attribute(image, "alt")]++
		above := strings.Split(page, "<img")[i]
		link := tags(above[strings.LastIndex(above, "<a"):], "a")[0]
		full := attribute(link, "id")
		if attribute(link, "href") != "#"+full || !strings.HasSuffix(full, "-full") {
			t.Errorf("a picture is in the link %s", link)
		}
		after := before[:strings.Index(before, "</span>")]
		if back := attribute(tags(after, "a")[0], "href"); !ids[strings.TrimPrefix(back, "#")] {
			t.Errorf("the full size of %s leads back to %q, which is nowhere", full, back)
		}
	}
	if !strings.Contains(page, ".full:target {") {
		t.Error("a picture that is chosen looks no different")
	}
	for _, alt := range []string{"Samples of two walks", "Film", "Grid of 9 samples of sigmoid", "sigmoid after 0",
		"walk-2-1 after 2"} {
		if shown[alt] != 1 {
			t.Errorf("%d pictures are said to show %q", shown[alt], alt)
		}
	}
	if len(shown) != 2+8+8*3 {
		t.Errorf("%d pictures are in the page, want 2 of figures, 8 of walks, and 3 of the states of each", len(shown))
	}
	for _, when := range []string{"start", "step 25, σ = 0.5", "step 50, σ = 0.333"} {
		if n := strings.Count(page, `<span class="when">`+when+`</span>`); n != 8 {
			t.Errorf("%d states are marked %q, want one of each walk", n, when)
		}
	}
}

// TestFilmsStandStill checks that a reader who wants no motion sees the last picture of a film.
func TestFilmsStandStill(t *testing.T) {
	_, page := written(t)
	sources := tags(page, "source")
	if len(sources) != strings.Count(page, "data:image/gif") || len(sources) != 1 {
		t.Fatalf("%d pictures for %d films", len(sources), strings.Count(page, "data:image/gif"))
	}
	if got := attribute(sources[0], "media"); got != "(prefers-reduced-motion: reduce)" {
		t.Errorf("the picture is for %q", got)
	}
	encoded, ok := strings.CutPrefix(attribute(sources[0], "srcset"), "data:image/png;base64,")
	content, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil || !ok {
		t.Fatalf("the picture is %.40q, %v", encoded, err)
	}
	m, err := png.Decode(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	if r, _, _, _ := m.At(1, 1).RGBA(); m.Bounds().Dx() != 4 || r != 0xffff {
		t.Errorf("the picture is %v and has %x, want the last frame, which is white", m.Bounds(), r)
	}
}
