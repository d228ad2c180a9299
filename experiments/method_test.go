package experiments

import (
	"strings"
	"testing"

	"tweedie/sample/walk"
)

func TestMethods(t *testing.T) {
	for lines, want := range map[string]walk.Guidance{
		``:                                 nil,
		`, method = { kind = "paper" }`:    walk.Paper{},
		`, method = { kind = "langevin" }`: walk.Langevin{Gamma: 1},
		`, method = { kind = "langevin", gamma = 0}`: walk.Langevin{},
		`, method = { kind = "dps", zeta = 0.3 }`:    walk.DPS{Zeta: 0.3},
		`, method = { kind = "diffpir" }`:            walk.DiffPIR{Lambda: 1},
		`, method = { kind = "diffpir", lambda = 7}`: walk.DiffPIR{Lambda: 7},
	} {
		e := mustParse(t, measured("1", `kind = "denoising"`+lines))
		roundTrip(t, e)
		w, err := e.Walks[0].Build(1)
		if err != nil {
			t.Fatal(err)
		}
		if w.Guidance != want {
			t.Errorf("%q: followed by %v, want %v", lines, w.Guidance, want)
		}
	}
}

func TestMistakesInMethods(t *testing.T) {
	for _, c := range []struct{ measurement, want string }{
		{`kind = "denoising", method = { kind = "dsp" }`, `method.kind: "dsp" is unknown; did you mean "dps"?`},
		{`kind = "denoising", method = { kind = "dps" }`, "method.zeta: is missing and must be a finite number"},
		{`kind = "denoising", method = { kind = "dps", zeta = 0.0 }`, "method.zeta: 0 must be positive"},
		{`kind = "denoising", method = { kind = "paper", zeta = 1.0 }`, `zeta: unknown key of kind "paper"`},
		{`kind = "denoising", method = { kind = "diffpir", lambda = -1.0 }`, "method.lambda: -1 must be positive"},
		{`kind = "phase-retrieval", ratio = 4, method = { kind = "diffpir" }`,
			`method.kind: "diffpir" needs a linear measurement, and "phase-retrieval" is not`},
	} {
		_, err := Parse("x.toml", []byte(measured("1", c.measurement)))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", c.measurement, err, c.want)
		}
	}
}
