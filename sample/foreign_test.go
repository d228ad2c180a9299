package main

import (
	"strings"
	"testing"

	"tweedie/nets/adm"
)

// A file of another program needs no experiment: it is sampled by the authors' shortest walk.
func TestForeignFileAlone(t *testing.T) {
	t.Chdir(t.TempDir())
	plain(t, "theirs.safetensors", adm.Config{Channels: 1, Height: 32, Width: 32, Base: 64,
		Multipliers: []float64{0.5, 0.5, 0.5, 0.5, 1, 1}, Blocks: 1, HeadChannels: 64})
	stdout, stderr := sample(t, 0, "-checkpoint", "theirs.safetensors", "-samples", "1", "-plan")
	for _, part := range []string{"sigmoid: 1 samples, 100 steps"} {
		if !strings.Contains(stdout, part) {
			t.Errorf("printed %q, not %q", stdout, part)
		}
	}
	if !strings.Contains(stderr, "assumed are images of 256 x 256") {
		t.Errorf("does not say what is assumed: %q", stderr)
	}
	// A default of what shapes do not determine may be wrong for a network: the error says what to set.
	plain(t, "narrow.safetensors", adm.Config{Channels: 3, Height: 8, Width: 8, Base: 32, Multipliers: []float64{1},
		Blocks: 1, HeadChannels: 16})
	_, stderr = sample(t, 1, "-checkpoint", "narrow.safetensors", "-plan")
	if !strings.Contains(stderr, "head_channels") || strings.Count(stderr, "\n") != 1 {
		t.Errorf("stderr is %q", stderr)
	}
}
