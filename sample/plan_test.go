package main

import (
	"image/gif"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestPlan(t *testing.T) {
	newRun(t)
	stdout, _ := sample(t, 0, "-plan")
	for _, part := range []string{
		"sigmoid: 3 samples, 4 steps, 4 network calls", "geometric: 35 samples, 3 steps, 6 network calls",
		"warning: noise of standard deviation", "time: about", "a step of 3 images", "a step of 32 images",
	} {
		if !strings.Contains(stdout, part) {
			t.Errorf("does not say %q:\n%s", part, stdout)
		}
	}
	// geometric: sigma 10, 1, 0.1, tau = sigma^2/2, T 0.1, 0.55 and none at the end, from N(0, 1):
	// v = 1, 10.25, 3.1125, 0.778 without data.
	last := regexp.MustCompile(`(?m)^ *2 +0\.1 +0\.005 +0 +\S+ +\S+ +0\.88 *$`)
	if !last.MatchString(stdout) {
		t.Errorf("no last step of geometric in\n%s", stdout)
	}
	if _, err := os.Stat("runs/tiny/figures"); err == nil {
		t.Error("a plan wrote figures")
	}
	t.Chdir(t.TempDir())
	write(t, "tiny.toml", tiny)
	stdout, _ = sample(t, 0, "-plan", "-experiment", "tiny.toml")
	if !strings.Contains(stdout, "time: not known before") {
		t.Errorf("without a network: %s", stdout)
	}
}

func TestTrajectory(t *testing.T) {
	newRun(t)
	stdout, _ := sample(t, 0, "-trajectory", "-out", "out")
	if lines := strings.Count(stdout, "trajectory"); lines != 4 {
		t.Errorf("printed %q", stdout)
	}
	strip, _, _ := picture(t, "out/geometric-trajectory.png")
	if grid, _, _ := picture(t, "out/geometric.png"); strip < 3*112 || strip == grid {
		t.Errorf("the strip is %d pixels wide", strip)
	}
	f, err := os.Open(filepath.Join("out", "geometric-trajectory.gif"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	film, err := gif.DecodeAll(f)
	if err != nil {
		t.Fatal(err)
	}
	if len(film.Image) != 4 { // x_0 to x_3
		t.Errorf("the film has %d pictures", len(film.Image))
	}
	_, _, with := picture(t, "out/sigmoid.png")
	sample(t, 0, "-out", "out")
	if _, _, without := picture(t, "out/sigmoid.png"); with != without {
		t.Error("the samples depend on -trajectory")
	}
}
