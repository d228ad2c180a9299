package study

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"tweedie/experiments"
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
	settings := j.Walk
	settings.Measurement = nil // follows
	// The denoiser is known by its content.
	settings.Name, settings.Samples, settings.Checkpoint, settings.Weights, settings.Assume = "", 0, "", "", nil
	layout := newHistory(j)
	for _, d := range []struct {
		name  string
		value any
	}{
		{versionName, archiveVersion},
		{"the seed", s.Seed},
		{"the number of samples", j.count()},
		{"the size of the images", j.denoiser.shape},
		{"the settings of the walk", []any{settings, j.walk.Sigma, j.walk.Tau, j.walk.Temperature}},
		{"which states are kept", []any{layout.steps, layout.images}},
	} {
		on, err := dependsOn(d.name, d.value)
		if err != nil {
			return nil, err
		}
		all = append(all, on)
	}
	if j.problem == nil {
		return all, nil
	}
	measured, err := j.problem.dependencies(*j.Measurement)
	return append(all, measured...), err
}

// dependencies returns all that the likelihoods depend on. The pixels of the true images are among them, though
// samples depend on them by y alone, so that kept samples always belong to the images that they are shown beside.
func (p *problem) dependencies(m experiments.Measurement) ([]dependency, error) {
	m.Images, m.Mask, m.Posterior = "", "", 0 // known by what they give
	settings, err := dependsOn("the settings of the measurement", m)
	if err != nil {
		return nil, err
	}
	mask, err := dependsOn("the mask", p.mask)
	if err != nil {
		return nil, err
	}
	each, err := dependsOn("the number of samples for each image", p.samples)
	if err != nil {
		return nil, err
	}
	image, y := p.operator.Image(), p.operator.Measurement()
	all := []float32{}
	for _, values := range p.measurements {
		all = append(all, values...)
	}
	return []dependency{settings, mask, each,
		dependsOnValues("the images that are measured", p.truths, dimensions(p.n, image)...),
		dependsOnValues("their measurements", all, dimensions(p.n, y)...),
	}, nil
}

// dimensions returns the shape of n images.
func dimensions(n int, shape inverse.Shape) []int {
	return []int{n, shape.Channels, shape.Height, shape.Width}
}
