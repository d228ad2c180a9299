package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"tweedie/experiments"
	"tweedie/nets/checkpoint"
)

// paper is the folder, below runs, that the built-in experiments name in their checkpoints.
const paper = "paper"

// networks are trained by a built-in experiment each, into a folder of that name below the study's.
var networks = []struct{ folder, experiment string }{
	{"vp", "glyphs-epsilon"},
	{"ve", "glyphs-score"},
	{"edm", "glyphs-edm"},
	{"denoiser", "glyphs-denoiser"},
}

// studied are the experiments, in the report's order.
var studied = []string{"figure1", "figure2", "figure3", "table1", "ablation-step-temperature", "ablation-schedule", "ablation-parameterization"}

// A study is all of the paper's experiments on one set of images.
type study struct {
	data           string // "": the built-in glyphs, with every experiment as it stands
	size, channels int    // of images of data
	steps          int    // of training; 0: the experiments' own
	folder         string
}

// train trains a network, or goes on where that stopped.
func (s study) train(c command, n struct{ folder, experiment string }) error {
	e, file, err := s.experiment(n.experiment)
	if err != nil {
		return err
	}
	steps := e.Train.Steps
	if s.steps > 0 {
		steps = s.steps
	}
	run := experiments.Run(filepath.Join(s.folder, n.folder))
	args := []string{"-experiment", file, "-out", string(run)}
	if run.Used() {
		newest, err := checkpoint.Newest(run.Checkpoints())
		if err != nil {
			return err
		}
		last, err := checkpoint.Read(newest)
		if err != nil {
			return err
		}
		if last.Meta.Step >= steps {
			fmt.Fprintf(c.stderr, "%s: trained before, %s\n", n.folder, newest)
			return nil
		}
		args = []string{"-resume", string(run)}
	}
	if s.steps > 0 {
		args = append(args, "-steps", fmt.Sprint(s.steps))
	}
	return c.run("train", args...)
}

// sample runs the walks of an experiment and returns the folder of what came of them.
func (s study) sample(c command, name string) (folder string, err error) {
	_, file, err := s.experiment(name)
	if err != nil {
		return "", err
	}
	folder = filepath.Join(s.folder, name)
	return folder, c.run("sample", "-experiment", file, "-out", folder)
}

// experiment returns a built-in experiment as the study runs it, and its name, or the file that it is written to where it differs from
// what is built in.
func (s study) experiment(name string) (*experiments.Experiment, string, error) {
	e, err := experiments.Load(name)
	if err != nil || s.data == "" {
		return e, name, err
	}
	e.Data.Path, e.Data.Size, e.Data.Crop, e.Data.Channels = s.data, s.size, 0, s.channels
	if net, ok := e.Net.Settings.(interface{ AttendCoarsest(side int) }); ok {
		net.AttendCoarsest(s.size)
	}
	source, err := e.Encode()
	if err != nil {
		return nil, "", err
	}
	source = bytes.ReplaceAll(source, []byte(`"`+experiments.Runs+"/"+paper+"/"), []byte(`"`+filepath.ToSlash(s.folder)+"/"))
	file := filepath.Join(s.folder, "experiments", name+".toml")
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		return nil, "", err
	}
	return e, file, os.WriteFile(file, source, 0o666)
}

// introduction is the report's first paragraph.
func (s study) introduction() string {
	images := "the built-in letters and digits, 28 × 28 gray"
	if s.data != "" {
		images = fmt.Sprintf("%s, %d × %d, %d channels", s.data, s.size, s.size, s.channels)
	}
	return "The experiments of “Random Walks with Tweedie: A Unified View of Score-Based Diffusion Models” (Park, McCann, Garcia-Cardona, " +
		"Wohlberg, Kamilov; IEEE Signal Processing Magazine 42(3), 2025), on " + images + ", with small networks trained on this machine. " +
		"VP: the network gives epsilon, trained at DDPM's noise levels. VE: it gives the score, trained at geometric levels. " +
		"A score's floor is its value between two halves of the training images, at the same number of images: differences below it mean nothing."
}
