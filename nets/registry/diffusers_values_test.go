package registry

import (
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tweedie/nets/model"
)

// uniform draws numbers in [-1/2, 1/2), by a generator that is easy to write in any language.
type uniform uint64

func (u *uniform) next() float64 {
	*u = *u*6364136223846793005 + 1442695040888963407
	return float64(*u>>40)/(1<<24) - 0.5
}

// The values are every 17th that PyTorch computes for tensors and images of the same random numbers, in float64 and by
// diffusers' definition of the network.
func TestDiffusersGiveTheirResult(t *testing.T) {
	for name, tt := range map[string]struct {
		config string
		want   []float64
	}{
		"google's kind": {`{"attention_head_dim": null, "downsample_padding": 0, "flip_sin_to_cos": false, "freq_shift": 1, "norm_eps": 1e-6, "sample_size": 6}`,
			[]float64{-0.184982, -0.15626, 0.717677, -0.526603, -0.071297, -0.900686, -0.185735, 0.061519, -0.257988, 0.169656,
				0.712514, -0.405025, -0.737726}},
		"defaults": {`{"sample_size": 6}`,
			[]float64{-0.034191, -0.117498, 0.373514, -0.817458, -0.364583, -0.764078, -0.08948, -0.007533, -0.300474, 0.91159,
				0.596618, -0.091027, -0.840698}},
	} {
		t.Run(name, func(t *testing.T) {
			d := (&diffusers{channels: []int{32, 64}, attends: []bool{false, true}, blocks: 1}).build()
			r := uniform(1)
			for _, name := range slices.Sorted(maps.Keys(d.tensors)) {
				tensor := d.tensors[name]
				scale, shift := 0.4, 0.
				if len(tensor.Shape) > 1 {
					scale = 3 / math.Sqrt(float64(len(tensor.Data)/tensor.Shape[0]))
				} else if strings.Contains(name, "norm") && strings.HasSuffix(name, "weight") {
					shift = 1
				}
				for i := range tensor.Data {
					tensor.Data[i] = float32(scale*r.next() + shift)
				}
			}
			x, times := make([]float32, 2*3*6*6), []float32{0.003, 0.8125}
			for i := range x {
				x[i] = float32(3 * r.next())
			}
			folder := t.TempDir()
			path := filepath.Join(folder, "diffusion_pytorch_model.safetensors")
			if err := os.WriteFile(filepath.Join(folder, "config.json"), []byte(tt.config), 0o666); err != nil {
				t.Fatal(err)
			}
			n, err := Import(&File{Path: path, Tensors: d.tensors})
			if err != nil {
				t.Fatal(err)
			}
			m, err := model.Build(n.Architecture)
			if err != nil {
				t.Fatal(err)
			}
			values := map[string][]float32{}
			for name, tensor := range n.Tensors {
				values[name] = tensor.Data
			}
			if err := m.Parameters.Fill(values); err != nil {
				t.Fatal(err)
			}
			y := make([]float32, len(x))
			if err := m.Network().Forward(y, x, times); err != nil {
				t.Fatal(err)
			}
			for k, want := range tt.want {
				if got := float64(y[17*k]); math.Abs(got-want) > 1e-4 {
					t.Errorf("value %d is %v, want %v", 17*k, got, want)
				}
			}
		})
	}
}
