// Package result describes the folder that an experiment's walks leave behind: pictures, and beside them the file
// results.json, which tells what the pictures show and how they were made. The sampler writes it. The report reads it,
// and so does whoever draws conclusions.
//
// The package must not know how a walk steps, how a score is computed, or what a page looks like.
package result

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"tweedie/data/durable"
)

// An Experiment is the content of results.json. File names are relative to its folder.
type Experiment struct {
	Name    string   `json:"name"`
	Title   string   `json:"title"`
	Version string   `json:"version"` // of the program
	Command string   `json:"command"` // that produced the folder
	TOML    string   `json:"toml"`    // the experiment's file, with defaults filled in
	Axes    []Axis   `json:"axes"`    // the settings that the sweep varies; none without a sweep
	Walks   []Walk   `json:"walks"`   // in the order of the file; the last axis of a sweep varies fastest
	Figures []Figure `json:"figures"`
	Tables  []Table  `json:"tables,omitempty"` // numbers beside those of the walks; often none
	Floors  []Score  `json:"floors"`           // noise floors: the scores of real images, for each number of samples
}

// An Axis is a setting that a sweep varies.
type Axis struct {
	Key    string   `json:"key"`    // such as "step.epsilon"
	Labels []string `json:"labels"` // one for each value, such as "0.4"
}

// A Walk is a random walk and its samples.
type Walk struct {
	Name       string    `json:"name"`
	Base       string    `json:"base"`       // name of the table [[walk]]; equal to Name, except in a sweep
	At         []int     `json:"at"`         // for each axis, the number of the value that the walk has
	Key        string    `json:"key"`        // SHA-256 of all that the samples depend on; names their file
	TOML       string    `json:"toml"`       // the table [[walk]], with defaults filled in
	Settings   []Setting `json:"settings"`   // the same, one by one
	Checkpoint string    `json:"checkpoint"` // file, or name of a denoiser in closed form
	Hash       string    `json:"hash"`       // SHA-256 of that file; "" for a closed form
	Samples    int       `json:"samples"`
	Calls      int       `json:"calls"`   // network calls for each sample
	Seconds    float64   `json:"seconds"` // time that drawing all samples took
	Scores     []Score   `json:"scores"`
	Picture    string    `json:"picture"` // a grid of samples; with a measurement, a sheet of posteriors
	Alt        string    `json:"alt"`     // what the picture shows, in words
	States     []State   `json:"states"`  // states of the first samples, from the start to the end of the walk
	Sigma      []float64 `json:"sigma"`   // the K noise levels
}

// A Setting is a key of a walk's table, such as "samples" or "step.epsilon", and its value.
type Setting struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// A State shows the first samples of a walk after K steps.
type State struct {
	K       int     `json:"k"`
	Sigma   float64 `json:"sigma"` // noise level of the last step; 0 at the start
	Picture string  `json:"picture"`
	Alt     string  `json:"alt"` // what the picture shows, in words
}

// A Figure is a picture, in one file format or several.
type Figure struct {
	Name    string   `json:"name"`
	Title   string   `json:"title"`
	Caption string   `json:"caption"`
	Files   []string `json:"files"` // NAME.png, NAME.svg, NAME.gif
	Alts    []string `json:"alts"`  // for each of Files, what it shows, in words
}

// A Score is the value of a metric for N images, with its confidence interval of 95%: how far the value is from the
// mean of many such sets of N images. Replicates are the values of random subsets, scaled so that their standard
// deviation is the standard error of Value, which is at least Resolution. There are none, and no interval, if N is
// small.
type Score struct {
	Key        string    `json:"key"`  // for files, such as "sliced-wasserstein"
	Name       string    `json:"name"` // for readers, such as "sliced Wasserstein"
	Value      float64   `json:"value"`
	Low        float64   `json:"low"`
	High       float64   `json:"high"`
	N          int       `json:"n"`    // images that were scored
	Best       string    `json:"best"` // Low or High, whichever is better; "": neither is
	Replicates []float64 `json:"replicates,omitempty"`
	Resolution float64   `json:"resolution,omitempty"` // 1/N if the value is a share: one sample more or less
	Classes    []Class   `json:"classes,omitempty"`    // of the metric "least-class": how many samples each has
}

// A Class is one of the classes that images are told apart by.
type Class struct {
	Name     string  `json:"name"`
	Count    int     `json:"count"`    // of samples that are given this class
	Real     float64 `json:"real"`     // share of real images that are given it
	Mistaken float64 `json:"mistaken"` // share of the real images of all other classes that are given it
}

// The better direction of a score.
const (
	Low  = "low"
	High = "high"
)

const fileName = "results.json"

// Save writes results.json in a folder. On an error, a file that was there before is untouched.
func Save(folder string, e *Experiment) error {
	path := filepath.Join(folder, fileName)
	err := durable.Write(path, func(w io.Writer) error {
		lines := json.NewEncoder(w)
		lines.SetIndent("", " ")
		return lines.Encode(e)
	})
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return nil
}

// Load reads the results.json of a folder.
func Load(folder string) (*Experiment, error) {
	path := filepath.Join(folder, fileName)
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var e Experiment
	if err := json.Unmarshal(content, &e); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return &e, nil
}
