package experiments

import (
	"math"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func mustLoad(t *testing.T, name string) *Experiment {
	t.Helper()
	e, err := Load(name)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// The files have the settings of the paper's table. Its VE settings are in units of images in [0, 1]; the files double
// them.
func TestSettingsOfThePaper(t *testing.T) {
	const vp, ve = "ffhq_10m.pt", "checkpoint_48.pth"
	for _, c := range []struct {
		name, checkpoint, schedule string
		steps                      int
		max, min, epsilon, T0      float64 // epsilon 0: not given
		measurement                string
		eta                        float64
	}{
		{"figure1a", vp, "pretrained", 1000, 157.407, 0.0100005, 0.4, 0.4, "", 0},
		{"figure1b", vp, "sigmoid", 100, 157.407, 0.01, 0.7, 0.1, "", 0},
		{"figure1c", vp, "linear", 1000, 157.407, 0.01, 0, 0, "", 0},
		{"figure2-vp", vp, "pretrained", 1000, 157.407, 0.0100005, 0.4, 0.4, "", 0},
		{"figure2-ve", ve, "geometric", 1000, 2 * 348, 2 * 0.01, 0.16, 0.4, "", 0},
		{"figure3-sr", vp, "sigmoid", 750, 157.407, 0.01, 0.15651, 0, "super-resolution", 0.2},
		{"figure3-inpainting", vp, "sigmoid", 750, 157.407, 0.01, 0.77683, 0, "inpainting", 0.2},
		{"ve-sr", ve, "geometric", 1000, 2 * 348, 2 * 0.01, 0.15651, 0, "super-resolution", 2 * 0.2},
		{"ve-inpainting", ve, "geometric", 1000, 2 * 348, 2 * 0.01, 0.29487, 0, "inpainting", 2 * 0.2},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := mustLoad(t, "paper/"+c.name)
			if len(e.Walks) != 1 || e.Trains() {
				t.Fatalf("%d walks, trains %v", len(e.Walks), e.Trains())
			}
			w := e.Walks[0]
			built, err := w.Build(1)
			if err != nil {
				t.Fatal(err)
			}
			near := func(x, y float64) bool { return math.Abs(x/y-1) <= 1e-4 }
			if K := len(built.Sigma); K != c.steps || !near(built.Sigma[0], c.max) || !near(built.Sigma[K-1], c.min) {
				t.Errorf("%d levels from %g to %g", K, built.Sigma[0], built.Sigma[K-1])
			}
			if w.Checkpoint != c.checkpoint || w.Schedule.Kind != c.schedule || w.Start != "unit" || w.LastNoise {
				t.Errorf("walk %+v", w)
			}
			if c.epsilon > 0 && (!reflect.DeepEqual(w.Step, Step{Kind: "proportional", Epsilon: c.epsilon}) ||
				!reflect.DeepEqual(w.Temperature, Temperature{Kind: "linear", From: c.T0, To: 1})) {
				t.Errorf("step %+v, temperature %+v", w.Step, w.Temperature)
			}
			switch m := w.Measurement; {
			case (m == nil) != (c.measurement == ""):
				t.Errorf("measurement %+v", m)
			case m != nil && (m.Kind != c.measurement || m.Eta != c.eta || m.Posterior != 4 ||
				m.Kind == "inpainting" && m.Keep != 0.08 ||
				m.Kind == "super-resolution" && (m.Factor != 4 || m.Filter != "bicubic")):
				t.Errorf("measurement %+v", *m)
			}
		})
	}
}

// trainedAs are the experiments that train the networks of runs/paper.
var trainedAs = map[string]string{"vp": "glyphs-epsilon", "ve": "glyphs-score", "edm": "glyphs-edm",
	"denoiser": "glyphs-denoiser"}

// The figures on the built-in images must not ask a network for noise that it was not trained on. They must be drawn in
// minutes, at about a millisecond for one step of one image.
func TestFiguresOfThePaper(t *testing.T) {
	cost := 0
	for _, name := range Names() {
		e := mustLoad(t, name)
		if e.Trains() || strings.HasPrefix(name, "paper/") {
			continue
		}
		if len(e.Figures) == 0 {
			t.Errorf("%s draws no figure", name)
		}
		for _, c := range e.Combinations() {
			built, err := c.Build(e.Seed)
			if err != nil {
				t.Fatal(err)
			}
			if strings.HasPrefix(c.Checkpoint, "exact:") { // a closed form, which denoises at any level
				continue
			}
			cost += len(built.Sigma) * c.Samples
			folder, network := filepath.Split(c.Checkpoint)
			if folder != "runs/paper/" || trainedAs[network] == "" {
				t.Errorf("%s: walk %s: checkpoint %s is of no network that the paper's figures train", name, c.Name,
					c.Checkpoint)
				continue
			}
			trained := mustLoad(t, trainedAs[network])
			if !reflect.DeepEqual(e.Data, trained.Data) {
				t.Errorf("%s is about other images than %s", name, trainedAs[network])
			}
			noise := trained.Train.Noise
			if noise.Kind == "ddpm" {
				noise.Max = 157.408
			}
			if most := slices.Max(built.Sigma); noise.Max > 0 && most > noise.Max {
				t.Errorf("%s: walk %s begins at %g, but %s was trained up to %g", name, c.Name, most,
					trainedAs[network], noise.Max)
			}
		}
	}
	if cost > 800_000 {
		t.Errorf("the figures take %d steps of an image", cost)
	}
	t.Logf("%d steps of an image", cost)
}

// Figure 2 compares networks only if nothing else differs.
func TestFigure2DiffersInTheNetworkAlone(t *testing.T) {
	var walks []Walk
	var networks []string
	for _, c := range mustLoad(t, "figure2").Combinations() {
		networks = append(networks, filepath.Base(c.Checkpoint))
		c.Checkpoint, c.Name = "", ""
		walks = append(walks, c.Walk)
	}
	if !slices.Equal(networks, []string{"vp", "ve"}) || !reflect.DeepEqual(walks[0], walks[1]) {
		t.Errorf("networks %q in walks %+v", networks, walks)
	}
}

// The paper gives no settings for the linear schedule. With ours, the plan predicts that no noise is left.
func TestLinearWalkLeavesNoNoise(t *testing.T) {
	walks := mustLoad(t, "figure1").Walks
	i := slices.IndexFunc(walks, func(w Walk) bool { return w.Schedule.Kind == "linear" })
	built, err := walks[i].Build(1)
	if err != nil {
		t.Fatal(err)
	}
	if warnings := built.Warnings(0.5); len(warnings) > 0 {
		t.Errorf("warnings %q", warnings)
	}
}
