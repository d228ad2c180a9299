package study

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"tweedie/sample/inverse"
)

// A dependency is something that the samples of a walk depend on, by a hash of its content. Where the content was read
// from does not matter, so that files can be moved and renamed.
type dependency struct {
	Name string // in messages, as in "since the seed has changed"
	Hash string // SHA-256
}

// dependsOn returns the dependency on a value that has a form in JSON.
func dependsOn(name string, value any) (dependency, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return dependency{}, fmt.Errorf("%s: %w", name, err)
	}
	return dependency{name, hashOf(text)}, nil
}

// dependsOnValues returns the dependency on numbers, by their bits and by their arrangement: the same numbers in
// another shape are another content.
func dependsOnValues(name string, values []float32, shape ...int) dependency {
	content := binary.LittleEndian.AppendUint64(nil, uint64(len(shape)))
	for _, n := range append(shape, len(values)) {
		content = binary.LittleEndian.AppendUint64(content, uint64(n))
	}
	h := sha256.New()
	h.Write(content)
	const chunk = 1 << 14
	for len(values) > 0 {
		content = content[:0]
		for _, v := range values[:min(chunk, len(values))] {
			content = binary.LittleEndian.AppendUint32(content, math.Float32bits(v))
		}
		h.Write(content)
		values = values[min(chunk, len(values)):]
	}
	return dependency{name, hex.EncodeToString(h.Sum(nil))}
}

func hashOf(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// keyOf returns a hash of all dependencies.
func keyOf(all []dependency) (string, error) {
	text, err := json.Marshal(all)
	if err != nil {
		return "", err
	}
	return hashOf(text), nil
}

// dependencies returns all that a job's samples, and what is kept of their course, depend on.
func (j job) dependencies(s study) ([]dependency, error) {
	all := slices.Clone(j.denoiser.dependencies)
	add := func(name string, value any) error {
		on, err := dependsOn(name, value)
		all = append(all, on)
		return err
	}
	for _, setting := range j.Settings() {
		if knownByContent[setting.Key] || strings.HasPrefix(setting.Key, "assume.") {
			continue
		}
		if err := add(setting.Key, setting.Value); err != nil {
			return nil, err
		}
	}
	layout := newHistory(j)
	for _, d := range []struct {
		name  string
		value any
	}{
		{versionName, archiveVersion},
		{"the seed", s.Seed},
		{"the number of samples", j.count()},
		{"the size of the images", j.denoiser.shape},
		{"the steps", [][]float64{j.walk.Sigma, j.walk.Tau, j.walk.Temperature}},
		{"which states are kept", []any{layout.steps, layout.images}},
	} {
		if err := add(d.name, d.value); err != nil {
			return nil, err
		}
	}
	p := j.problem
	if p == nil {
		return all, nil
	}
	all = append(all, p.dependencies()...)
	if err := add("the mask", p.mask); err != nil {
		return nil, err
	}
	err := add("the number of samples for each image", p.samples)
	return all, err
}

// knownByContent are the settings of a walk that count by what they give: images, a mask, weights, or a number of
// samples. So do those of its table assume, by the settings of the network. A walk's name does not count.
var knownByContent = map[string]bool{
	"name": true, "checkpoint": true, "weights": true, "samples": true,
	"measurement.images": true, "measurement.mask": true, "measurement.posterior": true,
}

// dependencies returns the images and their measurements. Samples depend on the images by y alone, but so kept samples
// always belong to the images that they are shown beside.
func (p *problem) dependencies() []dependency {
	return []dependency{
		dependsOnValues("the images that are measured", p.truths, dimensions(p.n, p.operator.Image())...),
		dependsOnValues("their measurements", slices.Concat(p.measurements...),
			dimensions(p.n, p.operator.Measurement())...),
	}
}

// dimensions returns the shape of n images.
func dimensions(n int, shape inverse.Shape) []int {
	return []int{n, shape.Channels, shape.Height, shape.Width}
}
