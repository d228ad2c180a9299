package experiments

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/BurntSushi/toml"

	"tweedie/data"
	"tweedie/experiments/strict"
	"tweedie/sample/inverse"
)

// Data is the table [data]: the images. Exactly one of Size and Crop is positive.
type Data struct {
	Path       string
	Size       int
	Crop       int
	Channels   int
	Flip       bool
	Validation Validation
}

// Fields are the keys of [data].
func (d *Data) Fields() []strict.Field {
	oneOrThree := strict.MustBe("1 (gray) or 3 (colour)", func(n int) bool { return n == 1 || n == 3 })
	return []strict.Field{
		strict.Required("path", &d.Path, strict.NotEmpty).
			Doc(`"glyphs" (letters and digits, built in), a folder of images, or a .zip of images`),
		strict.Optional("size", &d.Size, 0, strict.AtLeast(0)).DefaultDoc("none, if `crop` is given").
			Doc("side of the images in pixels: each is scaled to this shorter side, and its centre is cut out"),
		strict.Optional("crop", &d.Crop, 0, strict.AtLeast(0)).DefaultDoc("none, if `size` is given").
			Doc("side in pixels of a square that is cut out of each image without scaling, at random in training"),
		strict.Required("channels", &d.Channels, oneOrThree).Doc("values of each pixel"),
		strict.Optional("flip", &d.Flip, false).
			Doc("whether images are mirrored left to right at random in training"),
		strict.Optional("validation", &d.Validation, Validation{Share: 0.05}).
			TypeDoc("number, at least 0 and below 1, or string").
			Doc("images that are held out from training, on which the error is measured: " +
				"a share of the images, or the path of others"),
	}
}

// Check complains unless exactly one of Size and Crop is given.
func (d *Data) Check(complain func(key, message string)) {
	switch {
	case d.Size > 0 && d.Crop > 0:
		complain("crop", "must not be given beside size")
	case d.Size == 0 && d.Crop == 0:
		complain("size", "must be given, in pixels, or else crop")
	}
}

// shape returns the shape of an image that the network sees.
func (d Data) shape() inverse.Shape {
	side := d.Size + d.Crop // one of them is zero
	return inverse.Shape{Channels: d.Channels, Height: side, Width: side}
}

// motif says in words what the images show: letters and digits, or images like those of a folder or .zip. It is ""
// without images.
func (d Data) motif() string {
	switch d.Path {
	case "":
		return ""
	case "glyphs":
		return "letters and digits"
	}
	return "images like those of " + strings.TrimSuffix(filepath.Base(filepath.Clean(d.Path)), ".zip")
}

// Open returns the images to train on and the images held out from them, both in order of their names. Held is nil if
// validation is 0 or there are too few images to hold one out. The two may share files: close both when done with both.
func (d Data) Open() (training, held *data.Set, err error) {
	all, err := d.open(d.Path)
	if err != nil {
		return nil, nil, err
	}
	if d.Validation.Path != "" {
		if held, err = d.open(d.Validation.Path); err != nil {
			all.Close()
			return nil, nil, fmt.Errorf("data.validation: %w", err)
		}
		return all, held, nil
	}
	training, held, err = all.Split(d.Validation.Share)
	if err != nil {
		all.Close()
		return nil, nil, fmt.Errorf("data.validation: %w", err)
	}
	if held.Len() == 0 {
		held = nil
	}
	return training, held, nil
}

// open lists the images of a path.
func (d Data) open(path string) (*data.Set, error) {
	return data.Open(data.Options{Path: path, Size: d.Size, Crop: d.Crop, Channels: d.Channels})
}

// Validation says which images are held out: a share of the images, in [0, 1), or those of another path.
type Validation struct {
	Share float64 // if Path is empty
	Path  string
}

// UnmarshalTOML takes a decoded share or path.
func (v *Validation) UnmarshalTOML(value any) error {
	if path, ok := value.(string); ok && path != "" {
		*v = Validation{Path: path}
		return nil
	}
	var share float64
	if !strict.Convert(value, &share) || share < 0 || share >= 1 {
		return errors.New("must be a share from 0 to below 1, or a path")
	}
	*v = Validation{Share: share}
	return nil
}

// MarshalTOML writes a value that UnmarshalTOML reads.
func (v Validation) MarshalTOML() ([]byte, error) {
	if v.Path != "" {
		return []byte(strict.Inline(v.Path)), nil
	}
	return []byte(strict.Inline(v.Share)), nil
}

var (
	_ toml.Unmarshaler = &Validation{}
	_ toml.Marshaler   = Validation{}
)
