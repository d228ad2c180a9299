package data

import (
	"fmt"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gobolditalic"
	"golang.org/x/image/font/gofont/goitalic"
	"golang.org/x/image/font/gofont/gomedium"
	"golang.org/x/image/font/gofont/gomediumitalic"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/gomonobold"
	"golang.org/x/image/font/gofont/gomonobolditalic"
	"golang.org/x/image/font/gofont/gomonoitalic"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"tweedie/data/random"
)

// glyphsPath is the Options.Path of the built-in images.
const glyphsPath = "glyphs"

// The built-in images are every character in every face, drawn in glyphVariants slightly different ways, white on
// black. Image i depends on i alone. The variant varies fastest, then the face, then the character.
const (
	glyphCharacters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	glyphVariants   = 32
)

var glyphFaces = []struct {
	name string
	ttf  []byte
}{
	{"gobold", gobold.TTF},
	{"gobolditalic", gobolditalic.TTF},
	{"goitalic", goitalic.TTF},
	{"gomedium", gomedium.TTF},
	{"gomediumitalic", gomediumitalic.TTF},
	{"gomono", gomono.TTF},
	{"gomonobold", gomonobold.TTF},
	{"gomonobolditalic", gomonobolditalic.TTF},
	{"gomonoitalic", gomonoitalic.TTF},
	{"goregular", goregular.TTF},
}

// glyphs is a source that draws the built-in images at one size.
type glyphs struct {
	size     int
	outlines []outline // by character, then face
}

func openGlyphs(o Options) (source, error) {
	g := &glyphs{
		size:     o.Size + o.Crop, // one of them is zero
		outlines: make([]outline, len(glyphCharacters)*len(glyphFaces)),
	}
	for f, face := range glyphFaces {
		parsed, err := sfnt.Parse(face.ttf)
		if err != nil {
			return nil, fmt.Errorf("data: built-in font %s: %w", face.name, err)
		}
		for c, character := range glyphCharacters {
			drawn, err := loadOutline(parsed, character)
			if err != nil {
				return nil, fmt.Errorf("data: built-in font %s, character %c: %w", face.name, character, err)
			}
			g.outlines[c*len(glyphFaces)+f] = drawn
		}
	}
	return g, nil
}

// loadOutline returns a character's outline in units of its face's capital height.
func loadOutline(f *sfnt.Font, character rune) (outline, error) {
	var buffer sfnt.Buffer
	em := fixed.I(int(f.UnitsPerEm()))
	metrics, err := f.Metrics(&buffer, em, font.HintingNone)
	if err != nil {
		return nil, err
	}
	glyph, err := f.GlyphIndex(&buffer, character)
	if err != nil {
		return nil, err
	}
	segments, err := f.LoadGlyph(&buffer, glyph, em, nil)
	if err != nil {
		return nil, err
	}
	return newOutline(segments, float64(metrics.CapHeight)), nil
}

func (g *glyphs) len() int { return len(g.outlines) * glyphVariants }

func (g *glyphs) name(i int) string {
	kind, variant := i/glyphVariants, i%glyphVariants
	character, face := glyphCharacters[kind/len(glyphFaces)], glyphFaces[kind%len(glyphFaces)].name
	return fmt.Sprintf("%s/%c/%s/%d", glyphsPath, character, face, variant)
}

func (g *glyphs) read(i int) (*raster, error) {
	return g.outlines[i/glyphVariants].jitter(random.Stream(0, random.Glyphs, uint64(i))).draw(g.size), nil
}

func (g *glyphs) Close() error { return nil }
