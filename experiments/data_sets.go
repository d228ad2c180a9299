package experiments

import (
	"fmt"

	"tweedie/data"
)

// Open returns the images to train on and the images held out from them, nil where
// validation is 0 or there are too few images to hold one out. Both are in order of their
// names, and either may share its files with the other: close both when done with both.
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

// open lists the images of a path, brought to the size and channels of d.
func (d Data) open(path string) (*data.Set, error) {
	return data.Open(data.Options{Path: path, Size: d.Size, Crop: d.Crop, Channels: d.Channels})
}
