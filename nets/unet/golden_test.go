package unet_test

import (
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"tweedie/nets/checkpoint"
	"tweedie/nets/golden"
	"tweedie/nets/model/modeltest"
	"tweedie/nets/optim"
	"tweedie/nets/unet"
)

// TestGolden compares the network with the same one in PyTorch: output to 1e-4, gradients to 1e-3 of their tensor's
// norm, and the weights and losses of three Adam steps.
func TestGolden(t *testing.T) {
	dir := filepath.Join(golden.Folder(t), "unet")
	list, err := os.ReadFile(filepath.Join(dir, "unet.json"))
	if err != nil {
		t.Fatal(err)
	}
	var entries []struct {
		Name                                string
		Channels, Base, Blocks, Size, Batch int
		Multipliers, Attention              []int
		Loss                                float64
		Adam                                struct {
			LR, Beta1, Beta2, Eps float64
			Losses                []float64
		}
		Parameters int
	}
	if err := json.Unmarshal(list, &entries); err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		t.Run(e.Name, func(t *testing.T) {
			read := func(part string) map[string]checkpoint.Tensor {
				tensors, _, err := checkpoint.ReadTensors(filepath.Join(dir, e.Name+"_"+part+".safetensors"))
				if err != nil {
					t.Fatal(err)
				}
				return tensors
			}
			io, weights := read("io"), read("weights")
			config := unet.Config{Channels: e.Channels, Height: e.Size, Width: e.Size,
				Base: e.Base, Multipliers: e.Multipliers, Blocks: e.Blocks, Attention: e.Attention}
			if err := config.Validate(); err != nil {
				t.Fatal(err)
			}
			m := modeltest.New(t, config)
			if m.Parameters.Count() != e.Parameters {
				t.Fatalf("%d parameters, want %d", m.Parameters.Count(), e.Parameters)
			}
			for _, p := range m.Parameters.All() {
				w, ok := weights[p.Name]
				if !ok || len(w.Data) != len(p.Data()) {
					t.Fatalf("no weights for %s %v", p.Name, p.Shape)
				}
				copy(p.Data(), w.Data)
			}
			m.Parameters.Changed()

			y := make([]float32, len(io["y"].Data))
			if err := m.Network().Forward(y, io["x"].Data, io["c_noise"].Data); err != nil {
				t.Fatal(err)
			}
			if d := largest(y, io["y"].Data); d > 1e-4 {
				t.Errorf("output is off by %.2g", d)
			}

			weight := make([]float32, e.Batch)
			for i := range weight {
				weight[i] = 1 / float32(len(y))
			}
			trainer := modeltest.Trainer(t, m, e.Batch)
			adam := optim.NewAdam(m.Parameters, m.Parameters.Clone())
			adam.Rate, adam.Beta1, adam.Beta2, adam.Epsilon = e.Adam.LR, e.Adam.Beta1, e.Adam.Beta2, e.Adam.Eps
			gradients, after := read("grads"), read("after3")
			for step, want := range e.Adam.Losses {
				loss, err := trainer.Run(io["x"].Data, io["c_noise"].Data, io["target"].Data, weight)
				if err != nil {
					t.Fatal(err)
				}
				if math.Abs(loss-want) > 1e-4*want {
					t.Errorf("step %d: loss %v, want %v", step, loss, want)
				}
				if step == 0 {
					for i, p := range m.Parameters.All() {
						if d := relative(trainer.ParameterGradients()[i], gradients[p.Name].Data); d > 1e-3 {
							t.Errorf("gradient of %s is off by %.2g of its norm", p.Name, d)
						}
					}
				}
				if err := adam.Step(trainer.ParameterGradients()); err != nil {
					t.Fatal(err)
				}
			}
			for _, p := range m.Parameters.All() {
				if d := relative(p.Data(), after[p.Name].Data); d > 1e-3 {
					t.Errorf("%s after %d steps is off by %.2g of its norm", p.Name, len(e.Adam.Losses), d)
				}
			}
		})
	}
}

// The kernels choose assembly when the program starts, so the portable ones need a process of their own.
func TestGoldenWithPortableKernels(t *testing.T) {
	golden.Folder(t)
	c := exec.Command(os.Args[0], "-test.run=^TestGolden$", "-test.count=1")
	c.Env = append(os.Environ(), "GODEBUG=cpu.avx2=off")
	if out, err := c.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// largest is the greatest distance between values of a and b.
func largest(a, b []float32) (d float64) {
	for i := range a {
		d = max(d, math.Abs(float64(a[i])-float64(b[i])))
	}
	return d
}

// relative is the norm of a-b over that of b.
func relative(a, b []float32) float64 {
	var d, n float64
	for i := range b {
		d += (float64(a[i]) - float64(b[i])) * (float64(a[i]) - float64(b[i]))
		n += float64(b[i]) * float64(b[i])
	}
	return math.Sqrt(d / n)
}
