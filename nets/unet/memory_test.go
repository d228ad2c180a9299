package unet_test

import (
	"runtime"
	"testing"

	"tweedie/nets/model/modeltest"
	"tweedie/nets/optim"
)

// A training step takes next to no memory of its own once the graph has run.
func TestTrainingStepAllocatesLittle(t *testing.T) {
	m := modeltest.Random(t, small)
	trainer, adam := modeltest.Trainer(t, m, smallBatch), optim.NewAdam(m.Parameters, m.Parameters.Clone())
	normal := func(n int) []float32 { return modeltest.Normal(n, modeltest.RNG()) }
	x, c, weight := normal(smallValues), normal(smallBatch), normal(smallBatch)
	steps := func(n int) {
		for range n {
			if _, err := trainer.Run(x, c, x, weight); err != nil {
				t.Fatal(err)
			}
			if err := adam.Step(trainer.ParameterGradients()); err != nil {
				t.Fatal(err)
			}
		}
	}
	steps(3)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	steps(10)
	runtime.ReadMemStats(&after)
	if perStep := (after.TotalAlloc - before.TotalAlloc) / 10; perStep > 1<<20 {
		t.Errorf("%d bytes a step", perStep)
	}
}
