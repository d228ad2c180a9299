package experiments

import (
	"fmt"

	"tweedie/sample/walk"
)

// Walk is a table [[walk]]: one random walk of paper section 3. Its columns are schedule, step,
// temperature, start and last_noise. A preset has all of them, and those given replace its own.
type Walk struct {
	Preset      string  // a row of the paper's table: one of walk.Presets, or "", the default
	Name        string  // in file names and figures
	Checkpoint  string  // a file, or the folder of a run, see Checkpoint; "", the default, is this experiment's own run
	Assume      *Assume // of a checkpoint of another program; nil: nothing
	Weights     string  // "raw", or "ema", the default: the weights averaged over training
	Samples     int     // images; default 16
	Space       string  // "ve", the default, or "vp": coordinates that the walk moves in; the result is the same
	Start       string  // "sigma": x_0 ~ N(0, sigma_0^2 I); default "unit", N(0, I), or the preset's
	LastNoise   bool    // whether the last step adds noise; default false, or the preset's
	Schedule    Schedule
	Step        Step
	Temperature Temperature
	Measurement *Measurement // what the samples must explain; nil: nothing
}

var (
	starts = map[string]walk.Start{"unit": walk.Unit, "sigma": walk.SigmaMax}
	spaces = map[string]walk.Space{"ve": walk.VE, "vp": walk.VP}
)

// The preset is read first: defaults are its own.
func (w *Walk) fields() []field {
	start, lastNoise := "unit", false
	if preset, err := walk.Preset(w.Preset); err == nil {
		lastNoise = preset.LastNoise
		for name, s := range starts {
			if s == preset.Start {
				start = name
			}
		}
	}
	return []field{
		unlessEmpty(optional("preset", &w.Preset, "", oneOf(walk.Presets()...))),
		required("name", &w.Name, fileName),
		optional("checkpoint", &w.Checkpoint, ""),
		optionalTable("assume", &w.Assume),
		optional("weights", &w.Weights, "ema", oneOf("ema", "raw")),
		optional("samples", &w.Samples, 16, atLeast(1)),
		optional("space", &w.Space, "ve", oneOf("ve", "vp")),
		optional("start", &w.Start, start, oneOf("unit", "sigma")),
		optional("last_noise", &w.LastNoise, lastNoise),
		w.column("schedule", &w.Schedule, &w.Schedule.Kind),
		w.column("step", &w.Step, &w.Step.Kind),
		w.column("temperature", &w.Temperature, &w.Temperature.Kind),
		optionalTable("measurement", &w.Measurement),
	}
}

// column is a table that a preset has too.
func (w *Walk) column(key string, to group, kind *string) field {
	f := table(key, to)
	if w.Preset == "" {
		return f
	}
	f.absent = func(*reader, string) { *kind = "" }
	if *kind == "" {
		f.value = func() any { return nil }
	}
	return f
}

// check refuses lists of another length than the walk, and what else makes no walk: a difference
// of levels that rise.
func (w *Walk) check(complain func(key, message string)) {
	s, err := w.sampler()
	if err != nil {
		complain("name", err.Error())
		return
	}
	K := len(s.Sigma) * s.Inner
	ofLength := func(key string, values []float64) bool {
		right := values == nil || len(values) == K
		if !right {
			complain(key, fmt.Sprintf("are %d, but the walk has %d steps; must be one for each", len(values), K))
		}
		return right
	}
	if ofLength("step.values", w.Step.Values) && ofLength("temperature.values", w.Temperature.Values) {
		if err := s.Walk().Validate(); err != nil {
			complain("step", err.Error())
		}
	}
}

// sampler returns the row of the paper's table that the walk is.
func (w Walk) sampler() (s walk.Sampler, err error) {
	if w.Preset != "" {
		if s, err = walk.Preset(w.Preset); err != nil {
			return s, err
		}
	}
	if w.Preset == "" || w.Schedule.Kind != "" {
		levels, err := schedules.find(w.Schedule.Kind)
		if err != nil {
			return s, err
		}
		s.Sigma = levels(w.Schedule)
	}
	if w.Preset == "" || w.Step.Kind != "" {
		tau, err := steps.find(w.Step.Kind)
		if err != nil {
			return s, err
		}
		s.Inner = max(1, w.Step.Inner)
		s.Tau = func(sigma []float64) []float64 { return tau(w.Step, sigma) }
	}
	if w.Preset == "" || w.Temperature.Kind != "" {
		temperature, err := temperatures.find(w.Temperature.Kind)
		if err != nil {
			return s, err
		}
		s.Temperature = func(sigma []float64) []float64 { return temperature(w.Temperature, sigma) }
	}
	s.Start, s.LastNoise = starts[w.Start], w.LastNoise
	return s, nil
}

// Build returns the walk with its levels, step sizes and temperatures. It is an error
// if a kind is one that Parse refuses, or the walk itself is invalid.
func (w Walk) Build(seed uint64) (walk.Walk, error) {
	s, err := w.sampler()
	if err != nil {
		return walk.Walk{}, fmt.Errorf("walk %q: %w", w.Name, err)
	}
	built := s.Walk()
	built.Space, built.Seed = spaces[w.Space], seed
	if err := built.Validate(); err != nil {
		return walk.Walk{}, fmt.Errorf("walk %q: %w", w.Name, err)
	}
	return built, nil
}
