package main

import (
	"image/png"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"tweedie/experiments/runs"
)

func TestWhichCheckpointWhichWalksWhere(t *testing.T) {
	file := newRun(t)
	loose := save(t, "elsewhere", tiny)
	cut := strings.Index(tiny, "[[walk]]\nname = \"geometric\"")
	write(t, "tiny.toml", strings.Replace(tiny[:cut], `"sigmoid"`, `"edited"`, 1))
	write(t, "own.toml", strings.Replace(tiny[:cut], "samples = 3", "checkpoint = \""+filepath.ToSlash(loose)+"\"", 1))
	write(t, "other.toml", strings.Replace(tiny[:cut], `"sigmoid"`, `"other"`, 1))
	edited := runs.Folder(filepath.Join(runs.Root, "tiny")).Experiment()
	write(t, edited, strings.Replace(tiny[:cut], `"sigmoid"`, `"changed"`, 1)) // after training

	for _, c := range []struct {
		name  string
		args  []string
		wrote []string
		from  string
	}{
		{"the newest run, its own file", nil, []string{"runs/tiny/figures/changed.png"}, file},
		{"an experiment's newest run", []string{"-experiment", "tiny.toml"},
			[]string{"runs/tiny/figures/edited.png"}, file},
		{"a run's own file", []string{"-experiment", edited}, []string{"runs/tiny/figures/changed.png"}, file},
		{"a checkpoint of a run", []string{"-checkpoint", file},
			[]string{"runs/tiny/figures/sigmoid.png", "runs/tiny/figures/geometric.png"}, file},
		{"a checkpoint of none", []string{"-checkpoint", loose},
			[]string{"figures/sigmoid.png", "figures/geometric.png"}, loose},
		{"another folder", []string{"-checkpoint", file, "-experiment", "tiny.toml", "-out", "a/b"},
			[]string{"a/b/edited.png"}, file},
		{"a walk's own checkpoint", []string{"-experiment", "own.toml"}, []string{"runs/own/figures/sigmoid.png"},
			loose},
		{"a flag before a walk's own checkpoint", []string{"-experiment", "own.toml", "-checkpoint", file},
			[]string{"runs/tiny/figures/sigmoid.png"}, file},
		{"a run folder", []string{"-experiment", "own.toml", "-checkpoint", "runs/tiny"},
			[]string{"runs/tiny/figures/sigmoid.png"}, file},
	} {
		t.Run(c.name, func(t *testing.T) {
			stdout, stderr := sample(t, 0, c.args...)
			want := ""
			for _, file := range c.wrote {
				want += "wrote " + file + "\n"
				picture(t, file)
			}
			if want += "wrote " + path.Dir(c.wrote[0]) +
				"/results.csv\nwrote "; !strings.HasPrefix(filepath.ToSlash(stdout), want) {
				t.Errorf("printed %q, want %q", stdout, want)
			}
			if !strings.Contains(stderr, "weights of "+c.from) {
				t.Errorf("does not name checkpoint %s: %q", c.from, stderr)
			}
		})
	}
}

func TestRunWithoutItsExperimentFile(t *testing.T) {
	newRun(t)
	if err := os.Remove("runs/tiny/experiment.toml"); err != nil {
		t.Fatal(err)
	}
	if stdout, _ := sample(t, 0); !strings.Contains(stdout, "geometric.png") {
		t.Errorf("the walks in the checkpoint did not run: %q", stdout)
	}
}

func TestSamplesAndSeed(t *testing.T) {
	newRun(t)
	of := func(args ...string) (width, height int, content string) {
		sample(t, 0, append(args, "-out", "out")...)
		return picture(t, "out/sigmoid.png")
	}
	_, _, first := of()
	_, _, again := of("-seed", "1") // the experiment's own
	_, _, other := of("-seed", "0")
	if first != again {
		t.Error("the same seed gave other samples")
	}
	if first == other {
		t.Error("another seed gave the same samples")
	}
	if width, height, _ := of("-samples", "1"); width != height {
		t.Errorf("one sample makes a picture of %d x %d", width, height)
	}
	// Of 40 samples the first 32 walk together, in 8 columns; they are those of a batch of 33 too.
	sample(t, 0, "-samples", "40", "-out", "a")
	sample(t, 0, "-samples", "33", "-out", "b")
	a, b := firstCell(t, "a/geometric.png"), firstCell(t, "b/geometric.png")
	if a != b {
		t.Error("the first sample depends on the number of samples")
	}
}

// firstCell returns the pixels of the first image of a grid of 8 x 8 images, which are drawn 14 times as large.
func firstCell(t *testing.T, path string) string {
	t.Helper()
	_, _, content := picture(t, path)
	m, err := png.Decode(strings.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	var pixels []byte
	for y := range 8 {
		for x := range 8 {
			v, _, _, _ := m.At(14*x+7, 14*y+7).RGBA()
			pixels = append(pixels, byte(v>>8))
		}
	}
	return string(pixels)
}

func TestWarningsNameTheWalk(t *testing.T) {
	file := newRun(t)
	write(t, "tiny.toml", strings.Replace(tiny, "epsilon = 0.5", "epsilon = 1.5", 1))
	_, stderr := sample(t, 0, "-experiment", "tiny.toml", "-checkpoint", file)
	for _, want := range []string{"warning: walk sigmoid: tau > sigma^2",
		"warning: walk geometric: noise of standard deviation"} {
		if strings.Count(stderr, want) != 1 {
			t.Errorf("stderr does not say %q once: %q", want, stderr)
		}
	}
}

// TestDamagedCheckpointIsPassedOver cuts the newest checkpoint of a run short: the one before it is used, which is
// said.
func TestDamagedCheckpointIsPassedOver(t *testing.T) {
	file := newRun(t)
	intact, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	damaged := filepath.Join(filepath.Dir(file), "step-000009.safetensors")
	write(t, damaged, string(intact[:len(intact)/2]))
	for _, args := range [][]string{nil, {"-checkpoint", "runs/tiny"}, {"-plan"}, {"-evaluate", "glyphs"}} {
		stdout, stderr := sample(t, 0, args...)
		if strings.Count(stderr, "sample: warning: ") != strings.Count(stderr, "warning: walk ")+1 ||
			!strings.Contains(stderr, damaged) || !strings.Contains(stderr, file+" takes its place\n") {
			t.Errorf("sample %q says %q", args, stderr)
		}
		if args == nil && !strings.Contains(stdout, "geometric.png") {
			t.Errorf("printed %q", stdout)
		}
	}
}
