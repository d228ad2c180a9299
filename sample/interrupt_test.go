package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"strings"
	"testing"
)

func TestInterrupted(t *testing.T) {
	file := newRun(t)
	for _, args := range [][]string{nil, {"-evaluate", "validation"}} {
		ctx, stop := context.WithCancel(t.Context())
		stop()
		var stdout, stderr bytes.Buffer
		if code := run(ctx, args, &stdout, &stderr); code != 130 {
			t.Errorf("sample %q: exit code %d, want 130", args, code)
		}
		if stdout.Len() > 0 || !strings.HasSuffix(stderr.String(), "sample: interrupted\n") {
			t.Errorf("sample %q: printed %q and %q", args, stdout.String(), stderr.String())
		}
	}
	if _, err := os.Stat(file); err != nil {
		t.Error(err)
	}
}

func TestInterruptedWithinAWalk(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	calls := 0
	d := observed{ctx, denoiser(func() {
		if calls++; calls == 2 {
			stop()
		}
	}), 1, newProgress(&bytes.Buffer{}, 3)}
	var err error
	for err == nil && calls < 9 {
		err = d.Denoise(make([]float32, 1), make([]float32, 1), 1)
	}
	if !errors.Is(err, context.Canceled) || calls != 2 {
		t.Errorf("stopped after %d calls with %v, want the call after the second to be cancelled", calls, err)
	}
}

type denoiser func()

func (d denoiser) Denoise(dst, x []float32, sigma float64) error { d(); return nil }
