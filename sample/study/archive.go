package study

import (
	"fmt"
	"path/filepath"
	"strconv"

	"tweedie/nets/checkpoint"
	"tweedie/sample/walk"
)

// archiveVersion increases when a change of this program gives walks other samples, so that old files are not used.
const archiveVersion = 3

// versionName is the name of the dependency on archiveVersion.
const versionName = "the version of this program"

// An archive keeps walks, finished or not, in a folder: a safetensors file for each, named by a hash of all that its
// samples depend on. The file's metadata hold the hash of each dependency.
type archive struct{ folder string }

func (a archive) path(j job) string { return filepath.Join(a.folder, j.key[:16]+".safetensors") }

// stateKey and denoisedKey name the tensors of a walk's state after k steps.
func stateKey(k int) string    { return fmt.Sprintf("state.%d", k) }
func denoisedKey(k int) string { return fmt.Sprintf("denoised.%d", k) }

// load returns what is kept of a walk's drawing. Without a usable file, the drawing is empty.
func (a archive) load(j job) *drawing {
	if d := a.read(j); d != nil {
		return d
	}
	return &drawing{history: newHistory(j)}
}

// read returns nil if there is no file of the walk, or if the file does not hold what it must.
func (a archive) read(j job) *drawing {
	tensors, metadata, err := checkpoint.ReadTensors(a.path(j))
	if err != nil || metadata["key"] != j.key {
		return nil
	}
	d := &drawing{samples: tensors["samples"].Data, history: newHistory(j)}
	if d.seconds, err = strconv.ParseFloat(metadata["seconds"], 64); err != nil {
		return nil
	}
	reached := len(j.walk.Sigma) // steps that the first batch has taken
	if z, ok := tensors["position"]; ok {
		step, err := strconv.Atoi(metadata["step"])
		if err != nil {
			return nil
		}
		d.stopped = &position{step, z.Data}
		if len(d.samples) == 0 {
			reached = step
		}
	}
	values := j.count() * j.denoiser.shape.Len()
	if len(d.samples) > values || d.stopped == nil && len(d.samples) < values {
		return nil
	}
	for _, k := range d.history.steps {
		if k > reached {
			break
		}
		x, denoised := tensors[stateKey(k)].Data, tensors[denoisedKey(k)].Data
		s := walk.State{K: k, X: x, Denoised: denoised}
		if len(s.X) == 0 || k > 0 && len(s.Denoised) == 0 {
			return nil
		}
		if k > 0 {
			s.Coefficients = j.walk.At(k - 1)
		}
		d.history.states = append(d.history.states, s)
	}
	return d
}

// save keeps a walk.
func (a archive) save(j job, d *drawing) error {
	shape := j.denoiser.shape
	tensors := map[string]checkpoint.Tensor{}
	add := func(name string, x []float32) {
		if len(x) > 0 {
			dimensions := []int{len(x) / shape.Len(), shape.Channels, shape.Height, shape.Width}
			tensors[name] = checkpoint.Tensor{Shape: dimensions, Data: x}
		}
	}
	metadata := map[string]string{"key": j.key, "walk": j.Name, "seconds": strconv.FormatFloat(d.seconds, 'g', 6, 64)}
	for _, on := range j.dependsOn {
		metadata[dependencyPrefix+on.Name] = on.Hash
	}
	add("samples", d.samples)
	if d.stopped != nil {
		add("position", d.stopped.z)
		metadata["step"] = strconv.Itoa(d.stopped.step)
	}
	for _, state := range d.history.states {
		add(stateKey(state.K), state.X)
		add(denoisedKey(state.K), state.Denoised)
	}
	return checkpoint.WriteTensors(a.path(j), tensors, metadata)
}
