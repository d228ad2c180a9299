package experiments

import (
	"math"
	"math/rand/v2"

	"tweedie/data"
	"tweedie/sample/inverse"
)

// Measurement is a walk's table measurement: y = A x + e of paper section 5. Each image x
// is measured once, and the walk draws Posterior of its Samples for it: its Samples are
// rounded up to a whole number of images.
type Measurement struct {
	Kind string // of A

	Keep     float64 // of "inpainting", one of three: the share of pixels measured, chosen at random,
	Box      []int   // or top, left, height and width in pixels of what is not measured,
	Mask     string  // or an image file of the images' size, light where they are measured
	Factor   int     // of "super-resolution": pixels that become one, in height and in width
	Filter   string  // "box", or "bicubic", the default
	Std      float64 // pixels, of "gaussian-blur"
	Length   float64 // pixels, of "motion-blur"
	Angle    float64 // degrees from the horizontal, counterclockwise; default 0
	Boundary string  // of the blurs: "circular", or "symmetric", the default
	Ratio    float64 // of "compressed-sensing" and "phase-retrieval": measurements for each value of the image

	Eta       float64 // standard deviation of e, in units of images in [-1, 1]
	Images    string  // folder or .zip of the images to measure; default "": those held out
	Posterior int     // samples for one measurement; default 4
}

// An operator is built for images of a shape. Only random ones draw from rng.
var measurements = menu[Measurement, func(m Measurement, image inverse.Shape, rng *rand.Rand) (inverse.Operator, error)]{
	"denoising": {
		build: func(_ Measurement, image inverse.Shape, _ *rand.Rand) (inverse.Operator, error) {
			return inverse.Denoising(image)
		},
	},
	"inpainting": {
		keys: func(m *Measurement) []field {
			return []field{
				optional("keep", &m.Keep, 0, atLeast(0.), atMost(1.)),
				optional("box", &m.Box, []int{}, noneOrBox),
				optional("mask", &m.Mask, ""),
			}
		},
		build: func(m Measurement, image inverse.Shape, rng *rand.Rand) (inverse.Operator, error) {
			mask, err := m.pixels(image.Height, image.Width, rng)
			if err != nil {
				return nil, err
			}
			return inverse.Inpainting(image, mask)
		},
	},
	"super-resolution": {
		keys: func(m *Measurement) []field {
			return []field{
				required("factor", &m.Factor, atLeast(2)),
				optional("filter", &m.Filter, "bicubic", oneOf("bicubic", "box")),
			}
		},
		build: func(m Measurement, image inverse.Shape, _ *rand.Rand) (inverse.Operator, error) {
			filter := inverse.Bicubic
			if m.Filter == "box" {
				filter = inverse.Box
			}
			return inverse.SuperResolution(image, m.Factor, filter)
		},
	},
	"gaussian-blur": {
		keys: func(m *Measurement) []field {
			return []field{required("std", &m.Std, positive), m.boundaryField()}
		},
		build: func(m Measurement, image inverse.Shape, _ *rand.Rand) (inverse.Operator, error) {
			return inverse.GaussianBlur(image, m.Std, m.boundary())
		},
	},
	"motion-blur": {
		keys: func(m *Measurement) []field {
			return []field{required("length", &m.Length, atLeast(1.)), optional("angle", &m.Angle, 0), m.boundaryField()}
		},
		build: func(m Measurement, image inverse.Shape, _ *rand.Rand) (inverse.Operator, error) {
			return inverse.MotionBlur(image, m.Length, m.Angle, m.boundary())
		},
	},
	"colorization": {
		build: func(_ Measurement, image inverse.Shape, _ *rand.Rand) (inverse.Operator, error) {
			return inverse.Colorization(image)
		},
	},
	"compressed-sensing": {
		keys: func(m *Measurement) []field { return []field{required("ratio", &m.Ratio, positive, atMost(1.))} },
		build: func(m Measurement, image inverse.Shape, rng *rand.Rand) (inverse.Operator, error) {
			return inverse.CompressedSensing(image, m.count(image), rng)
		},
	},
	"phase-retrieval": {
		keys: func(m *Measurement) []field { return []field{required("ratio", &m.Ratio, positive, atMost(100.))} },
		build: func(m Measurement, image inverse.Shape, rng *rand.Rand) (inverse.Operator, error) {
			return inverse.PhaseRetrieval(image, m.count(image), rng)
		},
	},
}

func (m *Measurement) fields() []field {
	return append(measurements.fields(&m.Kind, m),
		required("eta", &m.Eta, positive),
		optional("images", &m.Images, ""),
		optional("posterior", &m.Posterior, 4, atLeast(1)))
}

func (m *Measurement) check(complain func(key, message string)) {
	given := 0
	for _, is := range []bool{m.Keep > 0, len(m.Box) > 0, m.Mask != ""} {
		if is {
			given++
		}
	}
	if m.Kind == "inpainting" && given != 1 {
		complain("kind", `"inpainting" takes exactly one of keep, box and mask`)
	}
}

// fits reports that images of d cannot be measured, as far as can be told without files.
func (m *Measurement) fits(d Data) error {
	if m == nil || m.Mask != "" || d.Path == "" {
		return nil
	}
	side := d.Size + d.Crop // one of them is zero
	_, err := m.Build(inverse.Shape{Channels: d.Channels, Height: side, Width: side}, 0)
	return err
}

// Build returns A for images of a shape. What is random about it, such as the pixels that
// are kept, depends on the seed alone. It is an error if the kind is one that Parse
// refuses, if the images' shape does not go with it, or if its mask cannot be read.
func (m Measurement) Build(image inverse.Shape, seed uint64) (inverse.Operator, error) {
	build, err := measurements.find(m.Kind)
	if err != nil {
		return nil, err
	}
	const stream = 1 << 62 // sample i of a walk draws from stream i
	return build(m, image, rand.New(rand.NewPCG(seed, stream)))
}

// pixels is the mask of "inpainting".
func (m Measurement) pixels(height, width int, rng *rand.Rand) ([]bool, error) {
	switch {
	case m.Mask != "":
		return data.Mask(m.Mask, height, width)
	case len(m.Box) == 4:
		return inverse.BoxMask(height, width, m.Box[0], m.Box[1], m.Box[2], m.Box[3])
	}
	return inverse.RandomMask(height, width, m.Keep, rng)
}

// count is the number of measurements that Ratio stands for.
func (m Measurement) count(image inverse.Shape) int {
	return max(1, int(math.Round(m.Ratio*float64(image.Len()))))
}

func (m *Measurement) boundaryField() field {
	return optional("boundary", &m.Boundary, "symmetric", oneOf("symmetric", "circular"))
}

func (m Measurement) boundary() inverse.Boundary {
	if m.Boundary == "circular" {
		return inverse.Circular
	}
	return inverse.Symmetric
}

func noneOrBox(box []int) string {
	if len(box) != 0 && len(box) != 4 {
		return "must be [top, left, height, width]"
	}
	return ""
}
