package ncsnpp

import (
	"testing"

	"tweedie/nets/model/modeltest"
)

// ffhq is the authors' network for faces.
var ffhq = Config{Channels: 3, Height: 256, Width: 256, Base: 128, Multipliers: []int{1, 1, 2, 2, 2, 2, 2},
	Blocks: 2, Attention: []int{16}, FIR: [4]float64{1, 3, 3, 1}, Scale: 16}

// BenchmarkFFHQ evaluates one image.
func BenchmarkFFHQ(b *testing.B) {
	m := modeltest.New(b, ffhq)
	network := m.Network()
	x := modeltest.Normal(3*256*256, modeltest.RNG())
	y := make([]float32, len(x))
	flops := m.FLOPs()
	for b.Loop() {
		if err := network.Forward(y, x, []float32{1}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(flops*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
}
