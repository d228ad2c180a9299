package experiments

import (
	"fmt"

	"tweedie/experiments/strict"
	"tweedie/sample/walk"
)

// Walk is a table [[walk]]: one random walk of paper section 3, which draws samples. Schedule, Step, Temperature, Start
// and LastNoise are the columns of the paper's table of walks. A preset is a row of that table: it has all of them, and
// those that are given replace its own.
type Walk struct {
	Preset      string // one of walk.Presets, or ""
	Name        string
	Checkpoint  string
	Assume      *Assume // nil: the checkpoint says everything
	Weights     string
	Samples     int
	Space       string
	Start       string
	LastNoise   bool
	Schedule    Schedule // this column and the next two have the kind "" if the preset's own is taken
	Step        Step
	Temperature Temperature
	Measurement *Measurement // nil: samples are images like those of training, and need not explain a measurement
}

var (
	starts = map[string]walk.Start{"unit": walk.Unit, "sigma": walk.SigmaMax}
	spaces = map[string]walk.Space{"ve": walk.VE, "vp": walk.VP}
)

// Fields are the keys of [[walk]]. The preset comes first, since it sets the defaults of others.
func (w *Walk) Fields() []strict.Field {
	start, lastNoise := "unit", false
	if preset, err := walk.Preset(w.Preset); err == nil {
		lastNoise = preset.LastNoise
		for name, s := range starts {
			if s == preset.Start {
				start = name
			}
		}
	}
	return []strict.Field{
		strict.Optional("preset", &w.Preset, "", strict.OneOf(walk.Presets()...)).OmitEmpty().DefaultDoc("none").
			Doc("a published sampler, from which `start`, `last_noise`, `schedule`, `step` and `temperature` " +
				"are taken if they are not given"),
		strict.Required("name", &w.Name, strict.FileName).Doc("name in reports, figures and names of files"),
		strict.Optional("checkpoint", &w.Checkpoint, "").DefaultDoc("the newest run of this experiment").
			Doc(`the network: a run folder, of which the newest checkpoint is taken, a file, ` +
				`or "exact:mixture" for a closed-form denoiser of the images of [data]`),
		strict.OptionalGroup("assume", &w.Assume).
			Doc("settings of the network that are missing in a file of another program"),
		strict.Optional("weights", &w.Weights, "ema", strict.OneOf("ema", "raw")).
			Doc("weights of the network: averaged over training, or those of the last step"),
		strict.Optional("samples", &w.Samples, 16, strict.AtLeast(1)).Doc("images that are drawn"),
		strict.Optional("space", &w.Space, "ve", strict.OneOf("ve", "vp")).
			Doc("coordinates in which the walk moves: x, or x/sqrt(1 + sigma^2); the samples are the same"),
		strict.Optional("start", &w.Start, start, strict.OneOf("unit", "sigma")).
			DefaultDoc("the preset's, or `\"unit\"`").Doc(`distribution of x_0: N(0, I), or N(0, sigma_0^2 I)`),
		strict.Optional("last_noise", &w.LastNoise, lastNoise).DefaultDoc("the preset's, or `false`").
			Doc("whether the last step adds noise"),
		column("schedule", w.Preset, &w.Schedule).Doc("noise levels sigma_k, in units of images in [-1, 1]"),
		column("step", w.Preset, &w.Step).Doc("step sizes tau_k"),
		column("temperature", w.Preset, &w.Temperature).
			Doc("temperatures T_k, which scale the noise of each step; 1 is Langevin dynamics"),
		strict.OptionalGroup("measurement", &w.Measurement).
			Doc("a measurement y = A x + e that the samples must explain (paper section 5)"),
	}
}

// column is the field of an inner table that is required unless there is a preset.
func column[T any, P strict.Pointer[T]](key, preset string, to *T) strict.Field {
	if preset == "" {
		return strict.Group(key, P(to)).DefaultDoc("the preset's; required without one")
	}
	return strict.Section[T, P](key, to)
}

// Check complains about a list that has another length than the walk, and about a walk that is invalid as a whole.
func (w *Walk) Check(complain func(key, message string)) {
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

// sampler returns the walk as a row of the paper's table.
func (w Walk) sampler() (s walk.Sampler, err error) {
	if w.Preset != "" {
		if s, err = walk.Preset(w.Preset); err != nil {
			return s, err
		}
	}
	if w.Preset == "" || w.Schedule.Kind != "" {
		levels, err := schedules.Find(w.Schedule.Kind)
		if err != nil {
			return s, err
		}
		s.Sigma = levels(w.Schedule)
	}
	if w.Preset == "" || w.Step.Kind != "" {
		tau, err := steps.Find(w.Step.Kind)
		if err != nil {
			return s, err
		}
		s.Inner = max(1, w.Step.Inner)
		s.Tau = func(sigma []float64) []float64 { return tau(w.Step, sigma) }
	}
	if w.Preset == "" || w.Temperature.Kind != "" {
		temperature, err := temperatures.Find(w.Temperature.Kind)
		if err != nil {
			return s, err
		}
		s.Temperature = func(sigma []float64) []float64 { return temperature(w.Temperature, sigma) }
	}
	s.Start, s.LastNoise = starts[w.Start], w.LastNoise
	return s, nil
}

// Build returns the walk with its levels, step sizes and temperatures. It is an error if Parse would refuse the walk.
func (w Walk) Build(seed uint64) (walk.Walk, error) {
	s, err := w.sampler()
	if err != nil {
		return walk.Walk{}, fmt.Errorf("walk %q: %w", w.Name, err)
	}
	built := s.Walk()
	built.Space, built.Seed = spaces[w.Space], seed
	if w.Measurement != nil {
		if built.Guidance, err = w.Measurement.Method.guidance(); err != nil {
			return walk.Walk{}, fmt.Errorf("walk %q: method: %w", w.Name, err)
		}
	}
	if err := built.Validate(); err != nil {
		return walk.Walk{}, fmt.Errorf("walk %q: %w", w.Name, err)
	}
	return built, nil
}

// Encode writes the walk's table as TOML with every default filled in.
func (w Walk) Encode() string { return strict.Lines(&w) }

// Settings returns every key of the walk's table with its value, with every default filled in.
func (w Walk) Settings() []strict.Setting { return strict.Settings(&w) }
