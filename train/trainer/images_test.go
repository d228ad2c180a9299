package trainer

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"tweedie/data"
	"tweedie/experiments"
)

// levels are endless square images of one gray level each.
func levels(side int) data.Drawn {
	return data.Drawn{Channels: 1, Height: side, Width: side, N: data.Endless, Seed: 1,
		Draw: func(dst []float32, rng *rand.Rand) {
			level := float32(rng.NormFloat64())
			for j := range dst {
				dst[j] = level
			}
		}}
}

// TestImagesGiven trains on drawn images instead of those that the experiment names. A run that is interrupted and
// resumed gives the same bits as one that never stopped.
func TestImagesGiven(t *testing.T) {
	e := tiny(t, func(e *experiments.Experiment) { e.Data.Path, e.Train.PreviewEvery = "no such folder", 20 })
	if _, err := Run(t.Context(), e, Options{Folder: "without"}); err == nil {
		t.Error("without images, nobody misses the folder that does not exist")
	}
	w := &witness{}
	whole := mustRun(t, e, Options{Folder: "whole", Images: levels(8), Observer: w})
	if line := w.summary.String(); !strings.Contains(line, "endless images") {
		t.Errorf("summary %q", line)
	}
	ctx, cancel := context.WithCancel(t.Context())
	stop := &witness{after: func(p Progress) {
		if p.Step == 7 {
			cancel()
		}
	}}
	_, err := Run(ctx, e, Options{Folder: "parts", Images: levels(8), Observer: stop})
	if !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	parts := mustRun(t, e, Options{Folder: "parts", Resume: true, Images: levels(8)})
	if !bytes.Equal(bytesOf(t, parts.Checkpoint), bytesOf(t, whole.Checkpoint)) {
		t.Error("the resumed run has other bits")
	}
	_, err = Run(t.Context(), e, Options{Folder: "larger", Images: levels(9)})
	oneLine(t, err, "9x9", "8x8")
}
