package experiments

import (
	"errors"

	"github.com/BurntSushi/toml"
)

// Data is the table [data]: the images. Exactly one of Size and Crop is positive.
type Data struct {
	Path       string     // "glyphs" (built in), a folder, or a .zip
	Size       int        // pixels: the shorter side is scaled to Size, then the centre is cut out
	Crop       int        // pixels: random crops of images that keep their own size
	Channels   int        // 1 (gray) or 3 (colour)
	Flip       bool       // mirror images left to right at random; default false
	Validation Validation // images held out from training; default a share of 0.05
}

func (d *Data) fields() []field {
	return []field{
		required("path", &d.Path, notEmpty),
		optional("size", &d.Size, 0, atLeast(0)),
		optional("crop", &d.Crop, 0, atLeast(0)),
		required("channels", &d.Channels, oneOrThree),
		optional("flip", &d.Flip, false),
		optional("validation", &d.Validation, Validation{Share: 0.05}),
	}
}

func (d *Data) check(complain func(key, message string)) {
	switch {
	case d.Size > 0 && d.Crop > 0:
		complain("crop", "must not be given beside size")
	case d.Size == 0 && d.Crop == 0:
		complain("size", "must be given, in pixels, or else crop")
	}
}

// A Validation is a share of the images in [0, 1), or the path of other images.
type Validation struct {
	Share float64 // used if Path is empty
	Path  string
}

var errValidation = errors.New("must be a share from 0 to below 1, or a path")

// UnmarshalTOML takes the share or the path, as decoded from TOML.
func (v *Validation) UnmarshalTOML(value any) error {
	if path, ok := value.(string); ok && path != "" {
		*v = Validation{Path: path}
		return nil
	}
	var share float64
	if !convert(value, &share) || share < 0 || share >= 1 {
		return errValidation
	}
	*v = Validation{Share: share}
	return nil
}

// MarshalTOML writes what UnmarshalTOML reads.
func (v Validation) MarshalTOML() ([]byte, error) {
	if v.Path != "" {
		return []byte(scalar(v.Path)), nil
	}
	return []byte(scalar(v.Share)), nil
}

var (
	_ toml.Unmarshaler = &Validation{}
	_ toml.Marshaler   = Validation{}
)
