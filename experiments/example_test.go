package experiments_test

import (
	"fmt"

	"tweedie/experiments"
)

// Load a built-in experiment, change a walk, and build it.
func Example() {
	e, err := experiments.Load("glyphs")
	if err != nil {
		fmt.Println(err)
		return
	}
	w := e.Walks[0]
	w.Name = "mine"
	w.Schedule = experiments.Schedule{Kind: "karras", Steps: 4, Max: 80, Min: 0.01}
	w.Step = experiments.Step{Kind: "ddim"}
	w.Temperature = experiments.Temperature{Kind: "constant", Value: 0}
	e.Walks = []experiments.Walk{w}

	built, err := w.Build(e.Seed)
	if err != nil {
		fmt.Println(err)
		return
	}
	for k := range built.Sigma {
		fmt.Printf("sigma %.3g, tau %.3g\n", built.Sigma[k], built.Tau[k])
	}
	fmt.Print(w.Encode())
	// Output:
	// sigma 80, tau 5.47e+03
	// sigma 11.6, tau 125
	// sigma 0.8, tau 0.632
	// sigma 0.01, tau 0.0001
	// name = "mine"
	// checkpoint = ""
	// weights = "ema"
	// samples = 36
	// space = "ve"
	// start = "unit"
	// last_noise = false
	// schedule = { kind = "karras", steps = 4, max = 80.0, min = 0.01 }
	// step = { kind = "ddim" }
	// temperature = { kind = "constant", value = 0.0 }
}

// A mistake is an error that says where it is and what would be right.
func ExampleParse() {
	_, err := experiments.Parse("mine.toml", []byte(`
[[walk]]
name = "mine"
schedule = { kind = "karras", steps = 10, max = 80.0 }
step = { kind = "proportinal", epsilon = 1.0 }
temperature = { kind = "half" }
`))
	fmt.Println(err)
	// Output:
	// mine.toml:4: walk[0].schedule.min: is missing and must be a finite number
	// mine.toml:5: walk[0].step.kind: "proportinal" is unknown; did you mean "proportional"?
}
