package main

import (
	"regexp"
	"strings"
	"testing"
)

// What -design prints can be pasted into an experiment. The walk there is the one that was proposed: its plan has the
// errors that were said.
func TestDesign(t *testing.T) {
	t.Chdir(t.TempDir())
	walks := strings.Index(tiny, "[[walk]]")
	write(t, "tiny.toml", strings.Replace(tiny, "name = \"geometric\"", `name = "measured"
measurement = { kind = "denoising", eta = 0.2, posterior = 1 }`, 1))
	stdout, _ := sample(t, 0, "-plan", "-design=6", "-experiment", "tiny.toml")
	for _, part := range []string{
		"eigenvalues", "f in cycles per image", "training images of glyphs are off by a factor of",
		`name = "sigmoid-designed-6"`, "the design is of what A does not see", `measurement = { kind = "denoising"`,
	} {
		if !strings.Contains(stdout, part) {
			t.Errorf("does not say %q:\n%s", part, stdout)
		}
	}
	errors := regexp.MustCompile(`(?m)^ *(as it is|designed) +(\d+ .*)$`)
	said := errors.FindAllStringSubmatch(stdout, -1)
	if len(said) != 4 || said[1][1] != "designed" {
		t.Fatalf("the errors of two walks and two designs are %q in\n%s", said, stdout)
	}
	designed := strings.Split(stdout, "[[walk]]")[1]
	designed, _, _ = strings.Cut(designed, "\n\n")
	write(t, "designed.toml", tiny[:walks]+"[[walk]]"+designed)
	stdout, _ = sample(t, 0, "-plan", "-design", "-experiment", "designed.toml")
	pasted := errors.FindAllStringSubmatch(stdout, -1)
	if len(pasted) != 2 || pasted[0][2] != said[1][2] {
		t.Errorf("the errors that were said of the design are %q, and of the pasted walk %q", said[1], pasted)
	}
	if !strings.Contains(stdout, `name = "sigmoid-designed-6-designed-6"`) {
		t.Errorf("-design without a number did not keep the 6 steps:\n%s", stdout)
	}
}

// The walks of a sweep that differ in nothing that a design depends on have one design.
func TestDesignOfASweep(t *testing.T) {
	t.Chdir(t.TempDir())
	geometric := strings.LastIndex(tiny, "[[walk]]")
	write(t, "sweep.toml", tiny[:geometric]+"[sweep]\n\"step.epsilon\" = [0.1, 0.5]\n")
	stdout, _ := sample(t, 0, "-plan", "-design", "-experiment", "sweep.toml")
	if tables := strings.Count(stdout, "[[walk]]"); tables != 1 || !strings.Contains(stdout, "the design is that of ") {
		t.Errorf("%d proposals, want one for both walks:\n%s", tables, stdout)
	}
}
