package main

import (
	"strings"
	"testing"
)

// Every method draws images that explain the measurement: the mean of the samples is nearer to the truth than the
// measurement. Walks that differ in their method alone have different samples.
func TestMethodsOfMeasurements(t *testing.T) {
	t.Chdir(t.TempDir())
	pictures := map[string]string{}
	for _, c := range []struct{ method, columns, plan string }{
		{`{ kind = "paper" }`, "", "bounds tau by eta^2 = 0.04"},
		{`{ kind = "langevin" }`, "", "followed by annealed Langevin dynamics (Jalal et al. 2021) with gamma = 1"},
		{`{ kind = "dps", zeta = 0.05 }`, "", "followed by DPS (Chung et al. 2022) with zeta = 0.05"},
		{`{ kind = "diffpir" }`, `
preset = "diffpir"
schedule = { kind = "karras", steps = 100, max = 10.0, min = 0.01 }`,
			"followed by DiffPIR (Zhu et al. 2023) with lambda = 1"},
	} {
		source := measuring(`kind = "denoising", eta = 0.2, posterior = 20, method = ` + c.method)
		source = strings.Replace(source, "channels = 1", "channels = 1\nvalidation = 0.9", 1) // few images to fit to
		if c.columns != "" {
			source = between(source, "samples = 40\n", "measurement", c.columns+"\n")
		}
		write(t, "method.toml", source)
		if stdout, _ := sample(t, 0, "-experiment", "method.toml", "-plan"); !strings.Contains(stdout, c.plan) {
			t.Errorf("the plan does not say %q:\n%s", c.plan, stdout)
		}
		stdout, _ := sample(t, 0, "-experiment", "method.toml", "-checkpoint", "exact:gaussian", "-out", "out")
		y, mean := printed(t, stdout, "psnr-measurement"), printed(t, stdout, "psnr-mean")
		if !(mean > y+1) {
			t.Errorf("%s: the measurement has %g dB, the mean of samples %g", c.method, y, mean)
		}
		_, _, sheet := picture(t, "out/posterior.png")
		for other, drawn := range pictures {
			if drawn == sheet {
				t.Errorf("%s has the samples of %s", c.method, other)
			}
		}
		pictures[c.method] = sheet
	}
}

// DPS differentiates through a network of random weights. With large steps its samples follow the measurement more
// closely than its noise allows: the walk goes down the gradient.
func TestDPSOfANetwork(t *testing.T) {
	file := newRun(t)
	source := measuring(`kind = "denoising", eta = 0.4, posterior = 8, method = { kind = "dps", zeta = 0.5 }`)
	write(t, "dps.toml", strings.Replace(source, `weights = "raw"`, `weights = "ema"`, 1))
	stdout, _ := sample(t, 0, "-experiment", "dps.toml", "-checkpoint", file)
	if chi := printed(t, stdout, "chi-square"); !(chi < 0.3) {
		t.Errorf("the samples have a chi-square of %g", chi)
	}
}

// between replaces the text between two parts of a source.
func between(source, before, after, text string) string {
	first := strings.Index(source, before) + len(before)
	return source[:first] + text + source[strings.LastIndex(source, after):]
}
