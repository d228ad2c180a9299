package model_test

import (
	"math"
	"math/rand/v2"
	"runtime"
	"testing"

	"tweedie/nets/adm"
	"tweedie/nets/layer"
	"tweedie/nets/model"
	"tweedie/nets/ncsnpp"
	"tweedie/nets/unet"
)

// TestNoConfigurationPanics builds networks of random configurations, as a damaged or hostile file may hold. Whatever
// they are, they are valid or an error, and take little memory. A valid one builds.
func TestNoConfigurationPanics(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	valid := map[string]int{}
	for range 500 {
		for _, c := range []interface {
			model.Architecture
			Validate() error
		}{randomUNetConfig(r), randomADM(r), randomNCSNPP(r)} {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			invalid := c.Validate()
			_, err := model.Build(c)
			runtime.ReadMemStats(&after)
			if (invalid == nil) != (err == nil) {
				t.Errorf("%#v: Validate says %v, building it says %v", c, invalid, err)
			}
			// Without Validate, the network of an invalid configuration does not go on either.
			g := layer.NewGraph(layer.NewParameters(), false)
			c.Build(g, g.Input("x", 1, 8, 8, 3), g.Input("c", 1))
			if taken := after.TotalAlloc - before.TotalAlloc; taken > 64<<20 {
				t.Errorf("%#v took %d MiB", c, taken>>20)
			}
			if err == nil {
				valid[c.Kind()]++
			}
		}
	}
	for _, kind := range []string{unet.Name, adm.Name, ncsnpp.Name} {
		if valid[kind] < 20 {
			t.Errorf("%d of the configurations of %s are valid: the test says little", valid[kind], kind)
		}
	}
}

// number is often small and sensible, and sometimes neither.
func number(r *rand.Rand, sensible ...int) int {
	if r.IntN(20) > 0 {
		return sensible[r.IntN(len(sensible))]
	}
	wild := []int{math.MinInt, -1 << 32, -5, -1, 0, 1, 3, 31, 64, 65, 80, 1000,
		1 << 16, 1<<16 + 1, 1 << 20, 1e9, 1 << 32, 1 << 62, math.MaxInt}
	return wild[r.IntN(len(wild))]
}

func numbers(r *rand.Rand, sensible ...int) []int {
	list := make([]int, number(r, 1, 2, 3)&127)
	for i := range list {
		list[i] = number(r, sensible...)
	}
	return list
}

func randomUNetConfig(r *rand.Rand) unet.Config {
	return unet.Config{Channels: number(r, 1, 3), Height: number(r, 8, 9, 32), Width: number(r, 8, 9, 32),
		Base: number(r, 8, 16, 32, 80), Multipliers: numbers(r, 1, 2, 4), Blocks: number(r, 1, 2),
		Attention: numbers(r, 4, 8)}
}

func randomADM(r *rand.Rand) adm.Config {
	yes := func() bool { return r.IntN(2) > 0 }
	c := adm.Config{Channels: number(r, 1, 3), Height: number(r, 8, 32), Width: number(r, 8, 32),
		Base: number(r, 32, 64, 128), Blocks: number(r, 1, 2), Attention: numbers(r, 4, 8), Heads: number(r, 1, 4),
		HeadChannels: number(r, 0, 16, 32), NewOrder: yes(), ScaleShift: yes(), BlocksResample: yes(),
		LearnedVariance: yes(), PadAfter: yes()}
	for _, m := range numbers(r, 1, 2, 4) {
		f := float64(m)
		c.Multipliers = append(c.Multipliers, []float64{f, 0.5, math.NaN(), math.Inf(1)}[number(r, 0, 0, 0, 1)&3])
	}
	return c
}

func randomNCSNPP(r *rand.Rand) ncsnpp.Config {
	return ncsnpp.Config{Channels: number(r, 1, 3), Height: number(r, 8, 32), Width: number(r, 8, 32),
		Base: number(r, 8, 16, 32, 80), Multipliers: numbers(r, 1, 2, 4), Blocks: number(r, 1, 2),
		Attention: numbers(r, 4, 8), Centered: r.IntN(2) > 0, FIR: [4]float64{1, 3, 3, 1},
		Scale: float64(number(r, 1, 16))}
}
