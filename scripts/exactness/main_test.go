package main

import (
	"bytes"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tweedie/data"
	"tweedie/nets"
)

// TestAll runs the whole experiment with next to no training, twice: the second time nothing is trained, and the
// numbers are the same. With other settings, the networks are refused.
func TestAll(t *testing.T) {
	t.Chdir(t.TempDir())
	x := experiment{folder: "x", command: "test", counts: []int{5, data.Endless}, pairs: []int{5}, steps: 3,
		weights: "parameters", test: 20, samples: 8}
	var first, second, progress bytes.Buffer
	if err := x.run(t.Context(), &first, io.Discard); err != nil {
		t.Fatal(err)
	}
	if err := x.run(t.Context(), &second, &progress); err != nil {
		t.Fatal(err)
	}
	if first.String() != second.String() {
		t.Error("the second run has other numbers")
	}
	n := strings.Count(progress.String(), "trained before")
	if n != 3*2+1 || strings.Contains(progress.String(), "step") {
		t.Errorf("%d networks were not trained again, want 7:\n%s", n, &progress)
	}
	page, err := os.ReadFile(filepath.Join("x", "report.html"))
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"Excess over the MMSE", "From memory", "more than 2% at some",
		"<th class=\"number\">N = 5</th>"} {
		if !strings.Contains(string(page), part) {
			t.Errorf("the page lacks %q", part)
		}
	}
	x.steps = 4
	if err := x.run(t.Context(), io.Discard, io.Discard); err == nil || !strings.Contains(err.Error(), "remove it") {
		t.Errorf("networks of another training are taken: %v", err)
	}
}

// TestHalvesAreDisjoint compares the training images of two networks.
func TestHalvesAreDisjoint(t *testing.T) {
	p, err := gaussian(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	first, second := network{prior: p, n: 30}.images().All(), network{prior: p, n: 30, second: true}.images().All()
	for image := range slices.Chunk(second, pixels) {
		for other := range slices.Chunk(first, pixels) {
			if slices.Equal(image, other) {
				t.Fatal("an image is in both sets")
			}
		}
	}
}

// TestJudgements: the MMSE denoiser is exact, and garbage is not: white noise, the noisy image itself, the mean image,
// and the linear denoiser of a prior that is not Gaussian.
func TestJudgements(t *testing.T) {
	all, err := priors(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	garbage := map[string]func(p prior) nets.Denoiser{
		"the noisy image": func(prior) nets.Denoiser {
			return nets.DenoiserFunc(func(dst, x []float32, _ float64) error { copy(dst, x); return nil })
		},
		"the mean image": func(p prior) nets.Denoiser {
			return nets.DenoiserFunc(func(dst, x []float32, _ float64) error {
				for i := range dst {
					dst[i] = float32(p.linear.Mean()[i%pixels])
				}
				return nil
			})
		},
		"half of the exact image": func(p prior) nets.Denoiser {
			return nets.DenoiserFunc(func(dst, x []float32, sigma float64) error {
				err := p.Denoise(dst, x, sigma)
				for i := range dst {
					dst[i] *= 0.5
				}
				return err
			})
		},
	}
	for _, p := range all {
		s, err := newStudy(p, 200)
		if err != nil {
			t.Fatal(err)
		}
		exact, err := s.measure("exact", p)
		if err != nil {
			t.Fatal(err)
		}
		if exact.verdict() != atMost || exact.worst().Value != 0 {
			t.Errorf("%s: the MMSE denoiser has an excess of %g", p.name, exact.worst().Value)
		}
		if p.name != "gaussian" && s.linear.verdict() != above {
			t.Errorf("%s: the linear denoiser counts as exact, with %g of the MMSE",
				p.name, s.linear.worst().Relative())
		}
		if d := s.linear.disagreement(); d > 4.5 {
			t.Errorf("%s: the two estimates of the linear denoiser's excess are %g standard errors apart", p.name, d)
		}
		for name, build := range garbage {
			c, err := s.measure(name, build(p))
			if err != nil {
				t.Fatal(err)
			}
			if c.verdict() != above {
				t.Errorf("%s: %s counts as exact, with %g of the MMSE", p.name, name, c.worst().Relative())
			}
		}
	}
}

// TestNearest finds the training images among others, whatever their contrast, and refutes samples of another kind.
func TestNearest(t *testing.T) {
	p, err := mixture(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	mean := p.linear.Mean()
	training := network{prior: p, n: 50}.images().All()
	faint := slices.Clone(training[:10*pixels])
	for i, v := range faint {
		m := float32(mean[i%pixels])
		faint[i] = m + (v-m)/3
	}
	found := nearest(faint, training, mean)
	if !slices.Equal(found, training[:10*pixels]) {
		t.Error("the nearest image of a training image is another")
	}
	if s := similarity(faint, found, mean); math.Abs(s.mean-1) > 1e-6 {
		t.Errorf("a training image of less contrast has the similarity %g with itself", s.mean)
	}
	fresh := network{prior: p, n: 50, second: true}.images().All()
	if s := similarity(fresh, nearest(fresh, training, mean), mean); s.mean > 0.95 {
		t.Errorf("new images have the similarity %g with training images, as if they were memorized", s.mean)
	}
}

// TestWalkOfTheExactDenoiser: with the exact denoiser of a Gaussian, samples have the prior's standard deviation.
func TestWalkOfTheExactDenoiser(t *testing.T) {
	p, err := gaussian(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	x, err := samples(p, 100)
	if err != nil {
		t.Fatal(err)
	}
	if std := rms(x); math.Abs(std/p.std-1) > 0.08 {
		t.Errorf("samples have the standard deviation %g, want %g", std, p.std)
	}
}
