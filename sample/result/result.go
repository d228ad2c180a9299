// Package result is what the walks of an experiment leave behind: a folder of pictures, and the file results.json beside them
// that says what they show and how they were made. The sampler writes it; the report and whoever draws conclusions read it.
//
// It must not know how a walk steps, how a score is computed, or what a page looks like.
package result

// An Experiment is the contents of results.json. File names are relative to its folder.
type Experiment struct {
	Name    string   `json:"name"`
	Title   string   `json:"title"`
	Version string   `json:"version"` // of the program
	Command string   `json:"command"` // that made it
	TOML    string   `json:"toml"`    // the experiment, defaults filled in
	Axes    []Axis   `json:"axes"`    // of its sweep; none without
	Walks   []Walk   `json:"walks"`   // in the order of the file, a sweep's last axis fastest
	Figures []Figure `json:"figures"`
	Floors  []Score  `json:"floors"` // what two halves of the training images come to: no difference below it means anything
}

// An Axis is a setting that a sweep varies.
type Axis struct {
	Key    string   `json:"key"`    // such as "step.epsilon"
	Labels []string `json:"labels"` // of its values, such as "0.4"
}

// A Walk is a random walk and its samples.
type Walk struct {
	Name       string    `json:"name"`
	Base       string    `json:"base"`       // name of its table [[walk]]: Name, except in a sweep
	At         []int     `json:"at"`         // its value on each axis
	Key        string    `json:"key"`        // SHA-256 of all that its samples depend on; they are kept under this name
	TOML       string    `json:"toml"`       // its table, defaults filled in
	Checkpoint string    `json:"checkpoint"` // file or closed form
	Hash       string    `json:"hash"`       // SHA-256 of that file; "" for a closed form
	Samples    int       `json:"samples"`
	Calls      int       `json:"calls"`   // of the network, for each sample
	Seconds    float64   `json:"seconds"` // all samples, when they were drawn
	Scores     []Score   `json:"scores"`
	Picture    string    `json:"picture"` // grid of samples, or the sheet of a posterior
	States     []State   `json:"states"`  // from the start to the end
	Sigma      []float64 `json:"sigma"`   // the levels, K of them
}

// A State is where the first samples of a walk stand.
type State struct {
	K       int     `json:"k"`     // steps taken
	Sigma   float64 `json:"sigma"` // of the last of them; 0 at the start
	Picture string  `json:"picture"`
}

// A Figure is a picture in one or several formats.
type Figure struct {
	Name    string   `json:"name"`
	Title   string   `json:"title"`
	Caption string   `json:"caption"`
	Files   []string `json:"files"` // NAME.png, NAME.svg, NAME.gif
}

// A Score is a number that judges n images.
type Score struct {
	Key   string  `json:"key"`  // such as "sliced-wasserstein": in files
	Name  string  `json:"name"` // such as "sliced Wasserstein distance": for readers
	Value float64 `json:"value"`
	N     int     `json:"n"`    // images judged
	Best  string  `json:"best"` // "low", "high", or "" where neither is
}
