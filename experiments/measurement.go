package experiments

import (
	"math"
	"math/rand/v2"

	"tweedie/data"
	"tweedie/data/random"
	"tweedie/experiments/strict"
	"tweedie/sample/inverse"
)

// Measurement is a walk's table measurement: y = A x + e, e ~ N(0, Eta^2 I), of paper section 5. Each image x is
// measured once, and the walk draws Posterior samples for it. Samples / Posterior, rounded up, images are measured.
type Measurement struct {
	Kind string // of the forward operator A

	Keep float64 // of "inpainting", as are Box and Mask; exactly one of the three is given
	Box  []int
	Mask string

	Factor   int // of "super-resolution"
	Filter   string
	Std      float64 // of "gaussian-blur"
	Length   float64 // of "motion-blur"
	Angle    float64
	Boundary string  // of both blurs
	Ratio    float64 // of "compressed-sensing" and "phase-retrieval"

	Method    Method
	Eta       float64
	Images    string
	Posterior int
}

// A forward operator is built for images of a shape. Only random operators draw from rng.
type buildOperator = func(m Measurement, image inverse.Shape, rng *rand.Rand) (inverse.Operator, error)

var measurements = strict.Menu[Measurement, buildOperator]{
	"denoising": {
		Doc: "A = I: the image itself with noise",
		Build: func(_ Measurement, image inverse.Shape, _ *rand.Rand) (inverse.Operator, error) {
			return inverse.Denoising(image)
		},
	},
	"inpainting": {
		Doc: "A keeps some pixels; exactly one of `keep`, `box` and `mask` says which",
		Keys: func(m *Measurement) []strict.Field {
			return []strict.Field{
				strict.Optional("keep", &m.Keep, 0, strict.AtLeast(0.), strict.AtMost(1.)).DefaultDoc("none").
					Doc("share of the pixels that are kept, chosen at random"),
				strict.Optional("box", &m.Box, []int{}, fourOrNone).DefaultDoc("none").
					Doc("top, left, height and width, in pixels, of a box that is not kept"),
				strict.Optional("mask", &m.Mask, "").DefaultDoc("none").
					Doc("path of an image of the same size, which is light where pixels are kept"),
			}
		},
		Build: func(m Measurement, image inverse.Shape, rng *rand.Rand) (inverse.Operator, error) {
			mask, err := m.pixels(image.Height, image.Width, rng)
			if err != nil {
				return nil, err
			}
			return inverse.Inpainting(image, mask)
		},
	},
	"super-resolution": {
		Doc: "A makes the image smaller by a whole factor",
		Keys: func(m *Measurement) []strict.Field {
			return []strict.Field{
				strict.Required("factor", &m.Factor, strict.AtLeast(2)).
					Doc("pixels, in height and in width, that become one"),
				strict.Optional("filter", &m.Filter, "bicubic", strict.OneOf("bicubic", "box")).
					Doc("how pixels are averaged; \"box\" takes their mean"),
			}
		},
		Build: func(m Measurement, image inverse.Shape, _ *rand.Rand) (inverse.Operator, error) {
			filter := inverse.Bicubic
			if m.Filter == "box" {
				filter = inverse.Box
			}
			return inverse.SuperResolution(image, m.Factor, filter)
		},
	},
	"gaussian-blur": {
		Doc: "A blurs with a Gaussian",
		Keys: func(m *Measurement) []strict.Field {
			return []strict.Field{
				strict.Required("std", &m.Std, strict.Positive).Doc("standard deviation in pixels"),
				m.boundaryField(),
			}
		},
		Build: func(m Measurement, image inverse.Shape, _ *rand.Rand) (inverse.Operator, error) {
			return inverse.GaussianBlur(image, m.Std, m.boundary())
		},
	},
	"motion-blur": {
		Doc: "A blurs along a line",
		Keys: func(m *Measurement) []strict.Field {
			return []strict.Field{
				strict.Required("length", &m.Length, strict.AtLeast(1.)).Doc("length of the line in pixels"),
				strict.Optional("angle", &m.Angle, 0).Doc("degrees from the horizontal, counterclockwise"),
				m.boundaryField(),
			}
		},
		Build: func(m Measurement, image inverse.Shape, _ *rand.Rand) (inverse.Operator, error) {
			return inverse.MotionBlur(image, m.Length, m.Angle, m.boundary())
		},
	},
	"colorization": {
		Doc: "A makes the image gray",
		Build: func(_ Measurement, image inverse.Shape, _ *rand.Rand) (inverse.Operator, error) {
			return inverse.Colorization(image)
		},
	},
	"compressed-sensing": {
		Doc:  "A projects on random directions",
		Keys: func(m *Measurement) []strict.Field { return []strict.Field{m.ratio(1)} },
		Build: func(m Measurement, image inverse.Shape, rng *rand.Rand) (inverse.Operator, error) {
			return inverse.CompressedSensing(image, m.count(image), rng)
		},
	},
	"phase-retrieval": {
		Doc:  "A takes the magnitudes of random complex projections; it is not linear",
		Keys: func(m *Measurement) []strict.Field { return []strict.Field{m.ratio(100)} },
		Build: func(m Measurement, image inverse.Shape, rng *rand.Rand) (inverse.Operator, error) {
			return inverse.PhaseRetrieval(image, m.count(image), rng)
		},
	},
}

// Fields are the keys of measurement.
func (m *Measurement) Fields() []strict.Field {
	return append(measurements.Fields(&m.Kind, m),
		strict.Section("method", &m.Method).DefaultDoc("`{ kind = \"paper\" }`").
			Doc("how the walk follows the measurement"),
		strict.Required("eta", &m.Eta, strict.Positive).
			Doc("standard deviation of the noise e, in units of images in [-1, 1]"),
		strict.Optional("images", &m.Images, "").DefaultDoc("the held-out images of [data]").
			Doc("folder or .zip of the images that are measured"),
		strict.Optional("posterior", &m.Posterior, 4, strict.AtLeast(1)).
			Doc("how many of the walk's `samples` are drawn for each measured image"))
}

func (m *Measurement) boundaryField() strict.Field {
	return strict.Optional("boundary", &m.Boundary, "symmetric", strict.OneOf("symmetric", "circular")).
		Doc("how the image continues beyond its border: mirrored or repeated")
}

func (m *Measurement) ratio(most float64) strict.Field {
	return strict.Required("ratio", &m.Ratio, strict.Positive, strict.AtMost(most)).
		Doc("measurements for each value of the image")
}

var fourOrNone = strict.MustBe("[top, left, height, width]", func(box []int) bool {
	return len(box) == 0 || len(box) == 4
})

// Check complains unless an "inpainting" is given in exactly one way, and about a method that needs a linear A if A is
// not.
func (m *Measurement) Check(complain func(key, message string)) {
	ways := 0
	for _, given := range []bool{m.Keep > 0, len(m.Box) > 0, m.Mask != ""} {
		if given {
			ways++
		}
	}
	if m.Kind == "inpainting" && ways != 1 {
		complain("kind", `"inpainting" takes exactly one of keep, box and mask`)
	}
	if m.Kind == "phase-retrieval" && m.Method.Kind == "diffpir" {
		complain("method.kind", `"diffpir" needs a linear measurement, and "phase-retrieval" is not; the others serve`)
	}
}

// fits returns an error if images of d cannot be measured, as far as this is known without opening files. A nil m fits.
func (m *Measurement) fits(d Data) error {
	if m == nil || m.Mask != "" || d.Path == "" {
		return nil
	}
	_, err := m.Build(d.shape(), 0)
	return err
}

// Build returns the forward operator A for images of a shape. What is random about it, such as the pixels that are
// kept, depends on the seed alone. It is an error if Parse would refuse the kind, if A does not exist for the shape, or
// if its mask cannot be read.
func (m Measurement) Build(image inverse.Shape, seed uint64) (inverse.Operator, error) {
	build, err := measurements.Find(m.Kind)
	if err != nil {
		return nil, err
	}
	return build(m, image, random.Stream(seed, random.Operator, 0))
}

// pixels returns which pixels "inpainting" keeps.
func (m Measurement) pixels(height, width int, rng *rand.Rand) ([]bool, error) {
	switch {
	case m.Mask != "":
		return data.Mask(m.Mask, height, width)
	case len(m.Box) == 4:
		return inverse.BoxMask(height, width, m.Box[0], m.Box[1], m.Box[2], m.Box[3])
	}
	return inverse.RandomMask(height, width, m.Keep, rng)
}

// count is the number of measurements of an image.
func (m Measurement) count(image inverse.Shape) int {
	return max(1, int(math.Round(m.Ratio*float64(image.Len()))))
}

func (m Measurement) boundary() inverse.Boundary {
	if m.Boundary == "circular" {
		return inverse.Circular
	}
	return inverse.Symmetric
}
