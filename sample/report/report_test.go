package report

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"tweedie/sample/result"
)

// pictured stores a small picture of a single gray level.
func pictured(t *testing.T, folder, name string, level uint8) string {
	t.Helper()
	m := image.NewGray(image.Rect(0, 0, 4, 3))
	for i := range m.Pix {
		m.Pix[i] = level
	}
	m.SetGray(0, 0, color.Gray{255 - level})
	path := filepath.Join(folder, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, m); err != nil {
		t.Fatal(err)
	}
	return name
}

const nasty = `<script>alert("x")</script> & 'quotes'`

// folders writes the folders of two experiments: one of two walks, and a sweep of 3 x 2 walks.
func folders(t *testing.T) []string {
	t.Helper()
	dir := t.TempDir()
	plain := &result.Experiment{Name: "figure1", Title: "Figure 1 " + nasty,
		Command: "go run ./sample -experiment figure1", Version: "v1.2.3", TOML: "title = 'whole file'\n",
		Floors: []result.Score{{Key: "recall", Name: "recall", Value: 0.987, N: 9}}}
	swept := &result.Experiment{Name: "sweep", Title: "A sweep",
		Axes: []result.Axis{{Key: "step.epsilon", Labels: []string{"0.1", "0.2", "0.3"}},
			{Key: "temperature.from", Labels: []string{"0", "1"}}}}
	add := func(e *result.Experiment, folder, name string, at []int, value float64) {
		w := result.Walk{Name: name, Base: "walk", At: at, TOML: fmt.Sprintf("name = %q\n", name),
			Checkpoint: "some/" + name + ".pt", Hash: strings.Repeat("ab", 32),
			Settings: []result.Setting{{Key: "name", Value: name}, {Key: "step.epsilon", Value: fmt.Sprint(value)},
				{Key: "space", Value: "ve"}},
			Samples: 9, Calls: 50, Seconds: 1.25, Scores: []result.Score{{Key: "recall", Name: "recall", Value: value,
				N: 9, Best: "high"}},
			Picture: pictured(t, folder, "walks/"+name+".png", 10)}
		for k := range 3 {
			w.States = append(w.States, result.State{K: 25 * k, Sigma: 1 / float64(k+1),
				Picture: pictured(t, folder, fmt.Sprintf("walks/%s-%d.png", name, k), uint8(50*k))})
		}
		e.Walks = append(e.Walks, w)
	}
	one, two := filepath.Join(dir, "one"), filepath.Join(dir, "two")
	add(plain, one, "pretrained", nil, 0.25)
	add(plain, one, "sigmoid", nil, 0.5)
	plain.Figures = []result.Figure{{Name: "samples", Title: "Samples", Caption: "What " + nasty + " shows.",
		Files: []string{pictured(t, one, "samples.png", 99)}}}
	for i := range 3 {
		for k := range 2 {
			add(swept, two, fmt.Sprintf("walk-%d-%d", i, k), []int{i, k}, float64(10*i+k)/100)
		}
	}
	for folder, e := range map[string]*result.Experiment{one: plain, two: swept} {
		if err := result.Save(folder, e); err != nil {
			t.Fatal(err)
		}
	}
	return []string{one, two}
}

func written(t *testing.T) (path, page string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "there", "report.html")
	err := Write(path, Page{Title: "Trial " + nasty, Text: "First.\n\nSecond.", Folders: folders(t),
		Findings: []Finding{
			{"A claim " + nasty, "numbers", Agrees, "figure1"}, {"Another", "others", Disagrees, "sweep"}}})
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return path, string(content)
}

func TestEverythingIsWithin(t *testing.T) {
	_, page := written(t)
	for _, part := range []string{"<p>First.</p>", "<p>Second.</p>", "Another", "disagrees",
		"go run ./sample -experiment figure1", "v1.2.3", "title = &#39;whole file&#39;",
		"some/sigmoid.pt", strings.Repeat("ab", 32), "0.987 (9)", "step.epsilon", `href="#sweep-3"`, `id="sweep-3"`,
		"1.2", "data:image/png;base64,"} {
		if !strings.Contains(page, part) {
			t.Errorf("the page lacks %q", part)
		}
	}
	if strings.Contains(page, "<th>space</th>") {
		t.Error("a setting that is the same everywhere has a column")
	}
	if n := strings.Count(page, "<script>alert"); n > 0 {
		t.Errorf("%d texts of the input are not escaped", n)
	}
	if found := regexp.MustCompile(`(src|href)="?(https?:|//|file:)`).FindString(page); found != "" {
		t.Errorf("the page refers to another file: %s", found)
	}
	// If scripts are off, the samples of every walk and every figure must still be shown as pictures.
	if n := len(regexp.MustCompile(`<img[^>]* src="data:image/png;base64,[^"]+"`).FindAllString(page, -1)); n != 1+2+6 {
		t.Errorf("%d pictures stand in the page, want a figure and 8 walks", n)
	}
	for _, image := range regexp.MustCompile(`<img[^>]*>`).FindAllString(page, -1) {
		if !strings.Contains(image, `alt="`) {
			t.Errorf("a picture has no text: %.60s", image)
		}
	}
}

func TestWhatIsMissing(t *testing.T) {
	all := folders(t)
	if err := os.Remove(filepath.Join(all[1], "walks", "walk-2-1-1.png")); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "report.html")
	for want, folder := range map[string]string{"walk-2-1-1.png": all[1], "results.json": t.TempDir()} {
		if err := Write(path, Page{Folders: []string{folder}}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want an error that names %s, got %v", want, err)
		}
		if _, err := os.Stat(path); err == nil {
			t.Error("there is a page nevertheless")
		}
	}
}

// browser returns the path of an installed Chromium. Without one it skips the test.
func browser(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("no Chromium to open the page in")
	return ""
}

// TestInABrowser checks in a browser that the page's script runs without an error, colors the cells of the sweep, and
// opens the walk that the address names.
func TestInABrowser(t *testing.T) {
	program := browser(t)
	path, _ := written(t)
	dom := func(hash string) string {
		var stderr bytes.Buffer
		call := exec.CommandContext(t.Context(), program, "--headless", "--no-sandbox", "--disable-gpu",
			"--virtual-time-budget=5000",
			"--user-data-dir="+t.TempDir(), "--dump-dom", "file://"+path+hash)
		call.Stderr = &stderr
		out, err := call.Output()
		if err != nil {
			t.Fatalf("%v\n%s", err, stderr.String())
		}
		return string(out)
	}
	page := dom("")
	for _, part := range []string{`data-ready=""`, "after step 50, σ = 0.333", "background: rgb("} {
		if !strings.Contains(page, part) {
			t.Errorf("the page in the browser lacks %q", part)
		}
	}
	if found := regexp.MustCompile(`data-error="[^"]*"`).FindString(page); found != "" {
		t.Errorf("the script failed: %s", found)
	}
	chosen := dom("#sweep-5")
	for _, part := range []string{`data-chosen="sweep-5"`, `<details id="sweep-5" class="walk" open="">`,
		`class="chosen"`} {
		if !strings.Contains(chosen, part) {
			t.Errorf("the page at #sweep-5 lacks %q", part)
		}
	}
}
