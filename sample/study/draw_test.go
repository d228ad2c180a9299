package study

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"tweedie/experiments"
	"tweedie/sample/inverse"
	"tweedie/sample/walk"
)

func TestInterruptedWithinAWalk(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	calls := 0
	d := countingDenoiser{denoiserFunc(func(dst, x []float32, sigma float64) {
		if calls++; calls == 2 {
			stop()
		}
	}), ctx, 1, &counter{observer: silent{}}}
	var err error
	for err == nil && calls < 9 {
		err = d.Denoise(make([]float32, 1), make([]float32, 1), 1)
	}
	if !errors.Is(err, context.Canceled) || calls != 2 {
		t.Errorf("stopped after %d calls with %v, want the call after the second to be cancelled", calls, err)
	}
}

// Interrupted in the middle of its second batch and then of its third, a walk is kept as far as it came and ends the
// same to the bit.
func TestWalkIsKeptHalfway(t *testing.T) {
	const pixels, samples, K = 6, 70, 20
	sigma := walk.Sigmoid(20, 0.01, K)
	shrink := denoiserFunc(func(dst, x []float32, sigma float64) {
		for i, v := range x {
			dst[i] = v / float32(1+sigma*sigma)
		}
	})
	j := job{
		Combination: experiments.Combination{Walk: experiments.Walk{Name: "walk", Samples: samples}},
		walk: walk.Walk{Sigma: sigma, Tau: walk.Proportional(sigma, 0.5),
			Temperature: walk.LinearTemperature(0.2, 1, K), Seed: 3},
		denoiser: &denoiser{Denoiser: shrink, shape: inverse.Shape{Channels: 1, Height: 2, Width: 3}},
		key:      strings.Repeat("0123", 16),
	}
	finish := func(keep archive, stopAt ...int) *drawing {
		for _, calls := range append(stopAt, 1<<30) {
			ctx, stop := context.WithCancel(t.Context())
			j.denoiser.Denoiser = denoiserFunc(func(dst, x []float32, sigma float64) {
				if calls--; calls == 0 {
					stop()
				}
				shrink(dst, x, sigma)
			})
			d := keep.load(j)
			if err := j.draw(ctx, d, &counter{observer: silent{}}, keep.save); err != nil &&
				!errors.Is(err, context.Canceled) {
				t.Fatal(err)
			}
		}
		d := keep.load(j)
		if j.left(d) != 0 {
			t.Fatalf("%d calls are left of a finished walk", j.left(d))
		}
		return d
	}
	whole := finish(archive{t.TempDir()})
	parts := finish(archive{t.TempDir()}, 7, K+3, 1, K)
	if !slices.Equal(whole.samples, parts.samples) {
		t.Error("samples differ")
	}
	for i, s := range whole.history.states {
		if p := parts.history.states[i]; p.K != s.K || !slices.Equal(p.X, s.X) ||
			!slices.Equal(p.Denoised, s.Denoised) || p.Coefficients != s.Coefficients {
			t.Errorf("state %d differs", s.K)
		}
	}
}

type denoiserFunc func(dst, x []float32, sigma float64)

func (f denoiserFunc) Denoise(dst, x []float32, sigma float64) error {
	f(dst, x, sigma)
	return nil
}

func TestEvenly(t *testing.T) {
	for _, c := range []struct {
		n, first, last int
		want           []int
	}{{1, 0, 7, []int{7}}, {2, 0, 7, []int{0, 7}}, {3, 1, 8, []int{1, 5, 8}}, {4, 0, 3, []int{0, 1, 2, 3}}} {
		if got := evenly(c.n, c.first, c.last); !slices.Equal(got, c.want) {
			t.Errorf("evenly(%d, %d, %d) = %v, want %v", c.n, c.first, c.last, got, c.want)
		}
	}
}

// TestInterruptible cancels the context while a function runs on: its caller does not wait for it.
func TestInterruptible(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	release := make(chan struct{})
	defer close(release)
	_, err := interruptible(ctx, func() (int, error) {
		stop()
		<-release
		return 1, nil
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v", err)
	}
}
