package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// tiny has a little of everything.
var tiny = plan{
	pairs: 6, samples: 4, lawSteps: []int{5, 10}, lawMap: []int{5, 10}, steps: 4,
	problems: []problem{{"mixture-16", "super-resolution", 0.2}, {"images", "compressed sensing", 1},
		{"jumps", "inpainting", 0.2}},
	modeSteps: []int{4, 8}, training: 2, netSteps: []int{2, 4}, netPairs: 4,
}

// TestReport runs everything, and once more: then all must be kept.
func TestReport(t *testing.T) {
	folder := t.TempDir()
	var first, second bytes.Buffer
	if err := calibrate(t.Context(), folder, 1, tiny, &first); err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join(folder, "report.html"))
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"posterior sampler", "exact laws", "Langevin, smoothed", "What the cap",
		"jumps, inpainting", "Exact and trained denoiser"} {
		if !strings.Contains(string(page), part) {
			t.Errorf("the page lacks %q", part)
		}
	}
	other := regexp.MustCompile(`(?s)base64,[^"]*|<script>.*?</script>|<style>.*?</style>`)
	words := other.ReplaceAllString(string(page), "")
	if found := regexp.MustCompile(`.{0,80}([> ]NaN|Inf|\{[a-z]+\}).{0,20}`).FindString(words); found != "" {
		t.Errorf("the page has a number or a word that is missing: %s", found)
	}
	rows, err := os.ReadFile(filepath.Join(folder, "rows.csv"))
	if err != nil {
		t.Fatal(err)
	}
	if err := calibrate(t.Context(), folder, 1, tiny, &second); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(second.String(), "gap 0") || !strings.Contains(first.String(), "gap ") {
		t.Errorf("the second run computes again: %s", second.String())
	}
	again, _ := os.ReadFile(filepath.Join(folder, "rows.csv"))
	if !bytes.Equal(rows, again) {
		t.Error("the second run writes other rows")
	}
}

func TestProblems(t *testing.T) {
	for _, n := range priors {
		for _, operator := range operators {
			if n.name == "jumps" && operator != "denoising" && operator != "inpainting" {
				continue
			}
			prior, a, eta, err := problem{n.name, operator, 0.2}.build(1)
			if err != nil {
				t.Fatalf("%s, %s: %v", n.name, operator, err)
			}
			if eta < 0.05 || eta > 0.2 {
				t.Errorf("%s: a fifth of the standard deviation is %.3f: values are not of about 0.5", n.name, eta)
			}
			if _, err := prior.Posterior(a, make([]float32, a.Measurement().Len()), eta); err != nil {
				t.Errorf("%s, %s: %v", n.name, operator, err)
			}
		}
	}
}

// TestKept reads results back, and passes over a line that was cut short.
func TestKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "results.jsonl")
	k, err := open(path)
	if err != nil {
		t.Fatal(err)
	}
	for i, key := range []string{"a", "b"} {
		if err := k.keep(key, i); err != nil {
			t.Fatal(err)
		}
	}
	if err := k.close(); err != nil {
		t.Fatal(err)
	}
	content, _ := os.ReadFile(path)
	if err := os.WriteFile(path, content[:len(content)-3], 0o666); err != nil {
		t.Fatal(err)
	}
	k, err = open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer k.close()
	var v int
	if ok, _ := k.have("a", &v); !ok || v != 0 {
		t.Error("the first result is lost")
	}
	if ok, _ := k.have("b", &v); ok {
		t.Error("a line that was cut short is a result")
	}
	if err := k.keep("c", 2); err != nil {
		t.Fatal(err)
	}
	if content, _ := os.ReadFile(path); strings.Count(string(content), "\n") != 2 {
		t.Errorf("the file has not two whole lines: %q", content)
	}
}
