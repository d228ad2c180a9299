package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"tweedie/experiments"
	"tweedie/experiments/runs"
	"tweedie/sample/screen"
	"tweedie/sample/study"
	"tweedie/train/trainer"
)

// paper is the folder, below runs, that the built-in experiments name in their checkpoints.
const paper = "paper"

// A network is a run folder, below the folder of the reproduction, and the built-in experiment that trains it.
type network struct{ folder, experiment string }

var networks = []network{
	{"vp", "glyphs-epsilon"},
	{"ve", "glyphs-score"},
	{"edm", "glyphs-edm"},
	{"denoiser", "glyphs-denoiser"},
}

// studied lists the experiments whose walks are run, in the report's order.
var studied = []string{"figure1", "figure2", "figure3", "table1",
	"ablation-step-temperature", "ablation-schedule", "ablation-parameterization"}

// A reproduction is all of the paper's experiments on one set of images.
type reproduction struct {
	data           string // "": the built-in glyphs, with every experiment unchanged
	size, channels int    // of images of data
	steps          int    // of training; 0: the experiments' own
	folder         string
}

// train trains a network, or goes on where its training was stopped.
func (r reproduction) train(ctx context.Context, n network, stderr io.Writer) error {
	e, file, err := r.experiment(n.experiment)
	if err != nil {
		return err
	}
	folder := runs.Folder(filepath.Join(r.folder, n.folder))
	options := trainer.Options{Folder: folder, Observer: trainer.Lines(stderr)}
	command := fmt.Sprintf("go run ./train -experiment %s -out %s", file, folder)
	steps := e.Train.Steps
	if r.steps > 0 {
		steps = r.steps
	}
	if file := folder.Trained(steps); file != "" {
		fmt.Fprintf(stderr, "%s: trained before, %s\n", n.folder, file)
		return nil
	}
	if folder.Used() {
		if e, err = experiments.Load(folder.Experiment()); err != nil {
			return err
		}
		options.Resume = true
		command = fmt.Sprintf("go run ./train -resume %s", folder)
	}
	if r.steps > 0 {
		e.Train.Steps = r.steps
		command += fmt.Sprintf(" -steps %d", r.steps)
	}
	fmt.Fprintf(stderr, "\n== %s\n", command)
	_, err = trainer.Run(ctx, e, options)
	return wrap(command, err)
}

// sample runs the walks of an experiment and returns the folder of their results.
func (r reproduction) sample(ctx context.Context, name string, stderr io.Writer) (folder string, err error) {
	e, file, err := r.experiment(name)
	if err != nil {
		return "", err
	}
	folder = filepath.Join(r.folder, name)
	command := fmt.Sprintf("go run ./sample -experiment %s -out %s", file, folder)
	fmt.Fprintf(stderr, "\n== %s\n", command)
	show := screen.New("sample", stderr, stderr)
	_, err = study.Run(ctx, e, study.Options{Origin: file, Folder: folder, Command: command, Observer: show})
	show.Clear()
	return folder, wrap(command, err)
}

// wrap names, in an error, the command that does the same.
func wrap(command string, err error) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	return fmt.Errorf("%s: %w", command, err)
}

// experiment returns a built-in experiment as it is run here, and its name. If it differs from the built-in one, it is
// written to a file, whose name takes the place of its own.
func (r reproduction) experiment(name string) (e *experiments.Experiment, file string, err error) {
	e, err = experiments.Load(name)
	if err != nil || r.data == "" {
		return e, name, err
	}
	e.Data.Path, e.Data.Size, e.Data.Crop, e.Data.Channels = r.data, r.size, 0, r.channels
	if net, ok := e.Net.Settings.(interface{ AttendCoarsest(side int) }); ok {
		net.AttendCoarsest(r.size)
	}
	source, err := e.Encode()
	if err != nil {
		return nil, "", err
	}
	source = bytes.ReplaceAll(source, []byte(`"`+runs.Root+"/"+paper+"/"), []byte(`"`+filepath.ToSlash(r.folder)+"/"))
	file = filepath.Join(r.folder, "experiments", name+".toml")
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		return nil, "", err
	}
	if err := os.WriteFile(file, source, 0o666); err != nil {
		return nil, "", err
	}
	e, err = experiments.Load(file)
	return e, file, err
}

// introduction is the text at the head of the report.
func (r reproduction) introduction() string {
	images := "the built-in letters and digits, 28 × 28 gray"
	if r.data != "" {
		images = fmt.Sprintf("%s, %d × %d, %d channels", r.data, r.size, r.size, r.channels)
	}
	return "The experiments of “Random Walks with Tweedie: A Unified View of Score-Based Diffusion Models” " +
		"(Park, McCann, Garcia-Cardona, Wohlberg, Kamilov; IEEE Signal Processing Magazine 42(3), 2025), on " + images +
		", with small networks trained on this machine. VP: the network gives epsilon, trained at DDPM's noise " +
		"levels. VE: it gives the score, trained at geometric levels. Scores of real images are those of one half of " +
		"the training images beside the other, at the same number of images.\n\n" + rules
}
