package experiments

import (
	"errors"
	"fmt"

	"tweedie/sample/walk"
)

// Walk is a table [[walk]]: one random walk of paper section 3.
type Walk struct {
	Name        string // in file names and figures
	Checkpoint  string // a file; "", the default, is this experiment's own run
	Weights     string // "raw", or "ema", the default: the weights averaged over training
	Samples     int    // images; default 16
	Space       string // "ve", the default: coordinates that the walk moves in
	Start       string // "sigma": x_0 ~ N(0, sigma_0^2 I); default "unit": N(0, I)
	LastNoise   bool   // whether the last step adds noise; default false
	Schedule    Schedule
	Step        Step
	Temperature Temperature
	Measurement *Measurement // what the samples must explain; nil: nothing
}

func (w *Walk) fields() []field {
	return []field{
		required("name", &w.Name, fileName),
		optional("checkpoint", &w.Checkpoint, ""),
		optional("weights", &w.Weights, "ema", oneOf("ema", "raw")),
		optional("samples", &w.Samples, 16, atLeast(1)),
		optional("space", &w.Space, "ve", orLater(oneOf("ve"), "vp")),
		optional("start", &w.Start, "unit", oneOf("unit", "sigma")),
		optional("last_noise", &w.LastNoise, false),
		table("schedule", &w.Schedule),
		table("step", &w.Step),
		table("temperature", &w.Temperature),
		notBuilt("preset"),
		optionalTable("measurement", &w.Measurement),
	}
}

// Build returns the walk with its levels, step sizes and temperatures. It is an error
// if a kind is one that Parse refuses, or the walk itself is invalid.
func (w Walk) Build(seed uint64) (walk.Walk, error) {
	schedule, err1 := schedules.find(w.Schedule.Kind)
	step, err2 := steps.find(w.Step.Kind)
	temperature, err3 := temperatures.find(w.Temperature.Kind)
	if err := errors.Join(err1, err2, err3); err != nil {
		return walk.Walk{}, fmt.Errorf("walk %q: %w", w.Name, err)
	}
	sigma := schedule(w.Schedule)
	built := walk.Walk{
		Sigma:       sigma,
		Tau:         step(w.Step, sigma),
		Temperature: temperature(w.Temperature, sigma),
		LastNoise:   w.LastNoise,
		Seed:        seed,
	}
	if w.Start == "sigma" {
		built.Start = walk.SigmaMax
	}
	if err := built.Validate(); err != nil {
		return walk.Walk{}, fmt.Errorf("walk %q: %w", w.Name, err)
	}
	return built, nil
}
