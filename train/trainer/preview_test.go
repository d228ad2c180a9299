package trainer

import (
	"reflect"
	"testing"

	"tweedie/experiments"
	"tweedie/sample/walk"
)

// Previews of the built-in experiments show their first walk.
func TestPreviewOfBuiltInExperiments(t *testing.T) {
	for _, name := range experiments.Names() {
		e, err := experiments.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		if !e.Trains() {
			continue
		}
		want, err := e.Walks[0].Build(e.Seed)
		if err != nil {
			t.Fatal(err)
		}
		got, label, shown, err := previewWalk(e)
		if err != nil || !shown || label != "samples" || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: shows %v a walk of %d steps, %q, %v", name, shown, len(got.Sigma), label, err)
		}
	}
}

func TestPreviewWalk(t *testing.T) {
	const measured = `[[walk]]
name = "measured"
schedule = { kind = "sigmoid", steps = 50, max = 10.0, min = 0.01 }
step = { kind = "proportional", epsilon = 0.3 }
temperature = { kind = "linear", from = 0.0, to = 1.0 }
measurement = { kind = "denoising", eta = 0.1 }
`
	const long = "[[walk]]\nname = \"long\"\npreset = \"ddpm\"\n"
	const short = "[[walk]]\nname = \"short\"\npreset = \"ddim\"\n" +
		"schedule = { kind = \"karras\", steps = 20, max = 80.0, min = 0.01 }\n"
	glyphs, err := experiments.Load("glyphs")
	if err != nil {
		t.Fatal(err)
	}
	glyphs.Walks = nil
	without, err := glyphs.Encode()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, walks string
		steps       int // 0: no samples
		start       walk.Start
		label       string
	}{
		{"none", "", 0, walk.Unit, ""},
		{"long", long + short, 100, walk.Unit, "samples of a\nwalk of 100 steps"},
		{"a measurement first", measured + short + long, 20, walk.SigmaMax, "samples"},
		{"a measurement alone", measured, 100, walk.Unit, "samples of a\nwalk of 100 steps"},
	} {
		e, err := experiments.Parse(c.name, []byte(string(without)+"\n"+c.walks))
		if err != nil {
			t.Fatal(err)
		}
		w, label, shown, err := previewWalk(e)
		if err != nil || shown != (c.steps > 0) || len(w.Sigma) != c.steps || w.Start != c.start || label != c.label {
			t.Errorf("%s: shows %v a walk of %d steps from %v, %q, %v", c.name, shown, len(w.Sigma), w.Start, label, err)
		}
	}
}
