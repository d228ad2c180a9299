package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strconv"

	"tweedie/nets/checkpoint"
	"tweedie/sample/walk"
)

// keptVersion changes when a walk of the same settings has other samples than before.
const keptVersion = 1

// keptFolder is below that of the figures.
const keptFolder = "walks"

// A keeper stores walks, finished or not, in a folder: a safetensors file for each, named by all that its samples depend on.
type keeper struct{ folder string }

// key is a hash of what is given, which must have a form in JSON.
func key(of ...any) (string, error) {
	text, err := json.Marshal(append(of, keptVersion))
	if err != nil {
		return "", fmt.Errorf("settings of a walk: %w", err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}

func (k keeper) path(j job) string { return filepath.Join(k.folder, j.key[:16]+".safetensors") }

// load returns a walk's drawing as far as it is kept. A file that cannot be used is as good as none.
func (k keeper) load(j job) *drawing {
	if d := k.read(j); d != nil {
		return d
	}
	return &drawing{course: j.newCourse()}
}

func (k keeper) read(j job) *drawing {
	tensors, metadata, err := checkpoint.ReadTensors(k.path(j))
	if err != nil || metadata["key"] != j.key {
		return nil
	}
	d := &drawing{samples: tensors["samples"].Data, course: j.newCourse()}
	if d.seconds, err = strconv.ParseFloat(metadata["seconds"], 64); err != nil {
		return nil
	}
	reached := len(j.walk.Sigma) // steps of the first batch
	if z, ok := tensors["position"]; ok {
		s, err := strconv.Atoi(metadata["step"])
		if err != nil {
			return nil
		}
		d.stopped = &position{s, z.Data}
		if len(d.samples) == 0 {
			reached = s
		}
	}
	pixels := d.course.pixels
	if n := j.count(); len(d.samples) > n*pixels || d.stopped == nil && len(d.samples) < n*pixels {
		return nil
	}
	for _, at := range d.course.at {
		if at > reached {
			break
		}
		s := walk.State{K: at, X: tensors[fmt.Sprintf("state.%d", at)].Data, Denoised: tensors[fmt.Sprintf("denoised.%d", at)].Data}
		if len(s.X) == 0 || at > 0 && len(s.Denoised) == 0 {
			return nil
		}
		if at > 0 {
			s.Coefficients = j.walk.At(at - 1)
		}
		d.course.states = append(d.course.states, s)
	}
	return d
}

// save keeps a walk.
func (k keeper) save(j job, d *drawing) error {
	s := j.denoiser
	tensors := map[string]checkpoint.Tensor{}
	add := func(name string, x []float32) {
		if len(x) > 0 {
			tensors[name] = checkpoint.Tensor{Shape: []int{len(x) / s.pixels(), s.channels, s.height, s.width}, Data: x}
		}
	}
	metadata := map[string]string{"key": j.key, "walk": j.Name, "seconds": strconv.FormatFloat(d.seconds, 'g', 6, 64)}
	add("samples", d.samples)
	if d.stopped != nil {
		add("position", d.stopped.z)
		metadata["step"] = strconv.Itoa(d.stopped.K)
	}
	for _, state := range d.course.states {
		add(fmt.Sprintf("state.%d", state.K), state.X)
		add(fmt.Sprintf("denoised.%d", state.K), state.Denoised)
	}
	return checkpoint.WriteTensors(k.path(j), tensors, metadata)
}
