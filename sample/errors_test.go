package main

import (
	"os"
	"strings"
	"testing"

	"tweedie/nets/checkpoint"
)

func TestErrors(t *testing.T) {
	file := newRun(t)
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	write(t, "truncated.safetensors", string(whole[:len(whole)/2]))
	write(t, "typo.toml", strings.Replace(tiny, "samples", "sampels", 2))
	write(t, "larger.toml", strings.Replace(tiny, "size = 8", "size = 12", 1))
	write(t, "colour.toml", strings.Replace(tiny, "channels = 1", "channels = 3", 1))
	write(t, "nowalk.toml", tiny[:strings.Index(tiny, "[[walk]]")])
	write(t, "all.toml", strings.Replace(tiny, "[net]", "validation = 0\n[net]", 1))
	write(t, "broken/a.png", "not a picture")
	old := save(t, "old", tiny)
	c, err := checkpoint.Read(old)
	if err != nil {
		t.Fatal(err)
	}
	c.Meta.Experiment = strings.Replace(tiny, "\nsteps = 1", "\nsteps = 0", 1)
	if err := checkpoint.Write(old, c); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir("empty", 0o777); err != nil {
		t.Fatal(err)
	}

	for _, c := range []struct {
		name string
		args []string
		code int
		want []string // parts of the message
	}{
		{"unknown flag", []string{"-sampels", "3"}, 2, []string{"-sampels"}},
		{"argument", []string{"glyphs"}, 2, []string{`"glyphs"`}},
		{"plan and evaluate", []string{"-plan", "-evaluate", "validation"}, 2, []string{"-plan and -evaluate"}},
		{"design without plan", []string{"-design"}, 2, []string{"-design", "-plan"}},
		{"design of no steps", []string{"-plan", "-design=0"}, 2, []string{"-design", "1 or more"}},
		{"design without images", []string{"-plan", "-design", "-experiment", "paper/figure1b"}, 2,
			[]string{"-design: paper/figure1b has no [data]"}},
		{"unknown exact denoiser", []string{"-checkpoint", "exact:guassian"}, 2,
			[]string{"exact:guassian", "exact:data, exact:gaussian, exact:mixture"}},
		{"no samples", []string{"-samples", "0"}, 2, []string{"-samples", "1 or more"}},
		{"samples in words", []string{"-samples", "many"}, 2, []string{"-samples", `"many"`}},
		{"negative seed", []string{"-seed", "-1"}, 2, []string{"-seed"}},
		{"unknown experiment", []string{"-experiment", "glyhps"}, 2, []string{`did you mean "glyphs"?`}},
		{"missing experiment", []string{"-experiment", "gone.toml"}, 2, []string{"gone.toml"}},
		{"misspelt keys", []string{"-experiment", "typo.toml"}, 2,
			[]string{"sample: typo.toml:18: ", "\nsample: typo.toml:25: ", "samples"}},
		{"bad experiment in a checkpoint", []string{"-checkpoint", old}, 2, []string{old, "train.steps"}},
		{"no walks", []string{"-experiment", "nowalk.toml", "-checkpoint", file}, 2,
			[]string{"nowalk.toml", "[[walk]]"}},
		{"no run of the experiment", []string{"-experiment", "glyphs"}, 1, []string{"glyphs", "go run ./train"}},
		{"missing checkpoint", []string{"-checkpoint", "gone.safetensors"}, 1, []string{"gone.safetensors"}},
		{"truncated checkpoint", []string{"-checkpoint", "truncated.safetensors"}, 1,
			[]string{"truncated.safetensors"}},
		{"another size", []string{"-experiment", "larger.toml", "-checkpoint", file}, 2,
			[]string{file, "8 x 8", "larger.toml", "12 x 12"}},
		{"other channels", []string{"-experiment", "colour.toml", "-checkpoint", file}, 2,
			[]string{file, "channels = 1", "colour.toml", "channels = 3"}},
		{"a file for a folder", []string{"-out", "typo.toml"}, 1, []string{"typo.toml"}},
		{"missing images", []string{"-evaluate", "gone"}, 1, []string{"-evaluate gone"}},
		{"empty folder", []string{"-evaluate", "empty"}, 1, []string{"-evaluate empty"}},
		{"unreadable images", []string{"-evaluate", "broken"}, 1, []string{"broken/a.png"}},
		{"nothing held out", []string{"-evaluate", "validation", "-experiment", "all.toml", "-checkpoint", file}, 2,
			[]string{"all.toml", "data.validation"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			stdout, stderr := sample(t, c.code, c.args...)
			if stdout != "" {
				t.Errorf("printed %q", stdout)
			}
			for line := range strings.Lines(stderr) {
				if !strings.HasPrefix(line, "sample: ") {
					t.Errorf("stderr has the line %q", line)
				}
			}
			if len(c.want) < 3 && strings.Count(stderr, "\n") != 1 {
				t.Errorf("want one line, not %q", stderr)
			}
			for _, part := range c.want {
				if !strings.Contains(stderr, part) {
					t.Errorf("%q does not say %q", stderr, part)
				}
			}
		})
	}
}

func TestNoRun(t *testing.T) {
	t.Chdir(t.TempDir())
	if _, stderr := sample(t, 1); !strings.Contains(stderr, "sample: no run in runs") {
		t.Errorf("stderr is %q", stderr)
	}
}

func TestHelp(t *testing.T) {
	stdout, _ := sample(t, 0, "-help")
	for _, part := range []string{"go run ./sample -evaluate validation", "-samples", "-checkpoint"} {
		if !strings.Contains(stdout, part) {
			t.Errorf("the usage does not show %q:\n%s", part, stdout)
		}
	}
}
