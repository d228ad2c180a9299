package report

import (
	"fmt"
	"html"
	"image"
	"image/color"
	"image/gif"
	"image/png"
	"os"
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

// filmed stores a film of two frames, black and then white.
func filmed(t *testing.T, folder, name string) string {
	t.Helper()
	film := &gif.GIF{Delay: []int{8, 8}}
	for _, c := range []color.Color{color.Black, color.White} {
		film.Image = append(film.Image, image.NewPaletted(image.Rect(0, 0, 4, 3), color.Palette{c}))
	}
	f, err := os.Create(filepath.Join(folder, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := gif.EncodeAll(f, film); err != nil {
		t.Fatal(err)
	}
	return name
}

// folders writes the folders of two experiments: one of two walks with a picture and a film, and a sweep of 3 x 2
// walks, the third of which has no scores.
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
			Samples: 9, Calls: 50, Seconds: 1.25, Scores: []result.Score{
				{Key: "recall", Name: "recall", Value: value, N: 9, Best: result.High},
				{Key: "distance", Name: "distance", Value: value, N: 9, Best: result.Low, Low: value - 0.125,
					High: value + 0.25},
				{Key: "count", Name: "count", Value: value, N: 9}},
			Picture: pictured(t, folder, "walks/"+name+".png", 10), Alt: "Grid of 9 samples of " + name}
		for k := range 3 {
			w.States = append(w.States, result.State{K: 25 * k, Sigma: 1 / float64(k+1),
				Picture: pictured(t, folder, fmt.Sprintf("walks/%s-%d.png", name, k), uint8(50*k)),
				Alt:     fmt.Sprintf("%s after %d", name, k)})
		}
		e.Walks = append(e.Walks, w)
	}
	one, two := filepath.Join(dir, "one"), filepath.Join(dir, "two")
	add(plain, one, "pretrained", nil, 0.25)
	add(plain, one, "sigmoid", nil, 0.5)
	plain.Figures = []result.Figure{{Name: "samples", Title: "Samples", Caption: "What " + nasty + " shows.",
		Files: []string{pictured(t, one, "samples.png", 99)}, Alts: []string{"Samples of two walks"}},
		{Name: "film", Title: "Film", Files: []string{filmed(t, one, "film.gif")}}}
	for i := range 3 {
		for k := range 2 {
			add(swept, two, fmt.Sprintf("walk-%d-%d", i, k), []int{i, k}, float64(10*i+k)/100)
		}
	}
	swept.Walks[2].Scores = nil
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
			{"A claim " + nasty, "numbers", Agrees, "figure1"},
			{"Another", "First of it.\n\nwalk\tdistance\nsigmoid\t12.5\n\nLast of it.", Disagrees, "sweep"},
			{"A third", "too few", Undecided, "sweep"}, {"A fourth", "clear", Agrees, "sweep"}}})
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return path, string(content)
}

// tags returns the tags of a page that have a name, such as "img".
func tags(page, name string) []string {
	return regexp.MustCompile(`<`+name+`\b[^>]*>`).FindAllString(page, -1)
}

// attribute returns the value of a tag's attribute, unescaped, or "".
func attribute(tag, name string) string {
	found := regexp.MustCompile(`\b` + name + `="([^"]*)"`).FindStringSubmatch(tag)
	if found == nil {
		return ""
	}
	return html.UnescapeString(found[1])
}
