package main

import (
	"fmt"
	"math"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/cpu"

	"tweedie/data/random"
	"tweedie/nets"
	"tweedie/nets/model"
	"tweedie/nets/optim"
	"tweedie/nets/unet"
	"tweedie/sample/walk"
)

// A network is a case, which the peer has too: a network and the size of its batches.
type network struct {
	name string
	unet.Config
	batch int
}

var cases = []network{
	{"gray32", unet.Config{Channels: 1, Height: 32, Width: 32, Base: 32, Multipliers: []int{1, 2, 2},
		Blocks: 2, Attention: []int{8}}, 16},
	{"rgb32", unet.Config{Channels: 3, Height: 32, Width: 32, Base: 64, Multipliers: []int{1, 2, 2},
		Blocks: 2, Attention: []int{8}}, 16},
	{"rgb64", unet.Config{Channels: 3, Height: 64, Width: 64, Base: 64, Multipliers: []int{1, 2, 2, 2},
		Blocks: 2, Attention: []int{8}}, 4},
}

func find(name string) (network, error) {
	var names []string
	for _, c := range cases {
		if c.name == name {
			return c, nil
		}
		names = append(names, c.name)
	}
	return network{}, fmt.Errorf("-cases %q: want some of %s", name, strings.Join(names, ", "))
}

// A result has the fields of the peer's results up to PeakMemory, and others that only this program has.
type result struct {
	Case        string  `json:"case"`
	Engine      string  `json:"engine"`
	Threads     int     `json:"threads"`
	Parameters  int     `json:"parameters"`
	Batch       int     `json:"batch"`
	TrainStep   float64 `json:"train_step_ms"`
	TrainImages float64 `json:"train_images_per_s"`
	InferBatch  float64 `json:"infer_batch_ms"`
	InferOne    float64 `json:"infer_one_ms"`
	PeakMemory  float64 `json:"peak_rss_mb"`
	// Time of a walk, over that of as many inference calls as it has steps.
	Walk          float64 `json:"walk_over_inference,omitempty"`
	Build         float64 `json:"build_ms,omitempty"`            // the graph and its first step, less a later step
	Garbage       float64 `json:"garbage_mb_per_step,omitempty"` // of training
	TrainGFLOPs   float64 `json:"train_gflop_per_s,omitempty"`   // a step counts three times the forward pass
	TrainFraction float64 `json:"train_fraction_of_peak,omitempty"`
	InferGFLOPs   float64 `json:"infer_gflop_per_s,omitempty"`
	InferFraction float64 `json:"infer_fraction_of_peak,omitempty"`
	PeakGFLOPs    float64 `json:"peak_gflop_per_s,omitempty"` // of AVX2 multiply-adds, measured
}

// walkSteps is the length of the walk that is timed.
const walkSteps = 10

// time measures a case in this process. PeakMemory is that of the whole process, so cases whose memory is compared need
// a process each.
func (c network) time(runs, threads int) (result, error) {
	runtime.GOMAXPROCS(threads)
	rng := random.Stream(1, random.Benchmark, 0)
	start := time.Now()
	m, err := model.New(c.Config, rng)
	if err != nil {
		return result{}, err
	}
	t, err := m.Trainer(c.batch)
	if err != nil {
		return result{}, err
	}
	build := time.Since(start)
	adam := optim.NewAdam(m.Parameters, nil)
	adam.Rate = 1e-4
	pixels := c.Channels * c.Height * c.Width
	x, y := make([]float32, c.batch*pixels), make([]float32, c.batch*pixels)
	noise, weight := make([]float32, c.batch), make([]float32, c.batch)
	for i := range x {
		x[i] = float32(rng.NormFloat64())
	}
	for i := range noise {
		noise[i], weight[i] = rng.Float32(), 1/float32(len(x))
	}
	r := result{Case: c.name, Engine: "tweedie", Threads: threads, Parameters: m.Parameters.Count(), Batch: c.batch}
	var failure error
	try := func(err error) {
		if failure == nil {
			failure = err
		}
	}
	step := func() {
		_, err := t.Run(x, noise, x, weight)
		try(err)
		try(adam.Step(t.ParameterGradients()))
	}
	first := elapsed(step)
	step() // after two steps, nothing is allocated for results
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	r.TrainStep = median(step, runs)
	runtime.ReadMemStats(&after)
	network := m.Network()
	r.InferBatch = median(func() { try(network.Forward(y, x, noise)) }, runs)
	r.InferOne = median(func() { try(network.Forward(y[:pixels], x[:pixels], noise[:1])) }, runs)
	w := walk.Walk{Sigma: walk.Geometric(80, 0.01, walkSteps), LastNoise: true}
	w.Tau, w.Temperature = walk.Proportional(w.Sigma, 0.4), walk.LinearTemperature(0.4, 1, walkSteps)
	denoiser := nets.NewDenoiser(network, nets.Parameterization{Kind: nets.PredictEDM, DataStd: 0.5}, pixels)
	r.Walk = round(median(func() {
		_, err := walk.Last(w.Run(denoiser, pixels, 0, c.batch))
		try(err)
	}, runs) / median(func() {
		for range walkSteps {
			try(network.Forward(y, x, noise))
		}
	}, runs))

	r.TrainImages = round(1e3 * float64(c.batch) / r.TrainStep)
	r.Build = round(max(0, float64(build.Microseconds())/1e3+first-r.TrainStep))
	r.Garbage = round(float64(after.TotalAlloc-before.TotalAlloc) / float64(runs+1) / (1 << 20))
	forward := float64(c.batch) * m.FLOPs() / 1e9
	r.PeakMemory = peakMemory()
	r.TrainGFLOPs, r.InferGFLOPs = round(3e3*forward/r.TrainStep), round(1e3*forward/r.InferBatch)
	if peak := peakGFLOPs(threads); peak > 0 {
		r.PeakGFLOPs = round(peak)
		r.TrainFraction, r.InferFraction = round(r.TrainGFLOPs/peak), round(r.InferGFLOPs/peak)
	}
	return r, failure
}

func elapsed(f func()) float64 {
	start := time.Now()
	f()
	return float64(time.Since(start).Nanoseconds()) / 1e6
}

// median is the median time of n calls in milliseconds, after one call that does not count.
func median(f func(), n int) float64 {
	f()
	times := make([]float64, n)
	for i := range times {
		times[i] = elapsed(f)
	}
	return round(middle(times))
}

func middle(x []float64) float64 {
	x = slices.Sorted(slices.Values(x))
	return (x[(len(x)-1)/2] + x[len(x)/2]) / 2
}

func round(x float64) float64 { return math.Round(100*x) / 100 }

// peakMemory is the most memory that the process had at once, in MiB; 0 where the system does not say.
func peakMemory() float64 {
	status, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kib, _ := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			return math.Round(kib / 1024)
		}
	}
	return 0
}

// peakGFLOPs measures the speed of multiply-adds from registers on all threads; 0 without AVX2.
func peakGFLOPs(threads int) float64 {
	if !cpu.X86.HasAVX2 || !cpu.X86.HasFMA {
		return 0
	}
	const n = 1 << 23
	best := math.Inf(1)
	for range 5 {
		best = min(best, elapsed(func() {
			var all sync.WaitGroup
			for range threads {
				all.Go(func() { fmaAVX2(n) })
			}
			all.Wait()
		}))
	}
	return float64(threads) * n * 12 * 8 * 2 / best / 1e6
}
