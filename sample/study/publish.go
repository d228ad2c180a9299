package study

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"

	"tweedie/data/durable"
	"tweedie/experiments/runs"
	"tweedie/sample/report"
	"tweedie/sample/result"
)

// begin makes the folder of the pictures and stores the experiment in it as it is run. A run that is stopped can go on
// from that file. begin returns the file's text.
func begin(s study, jobs []job) (text string, err error) {
	e := *s.Experiment
	e.Walks = slices.Clone(e.Walks)
	if !s.sweepsCheckpoints() {
		for i, w := range e.Walks {
			e.Walks[i].Checkpoint = s.checkpointOf(w)
			if s.Override || w.Checkpoint == "" { // the file, even if a run folder was named
				first := slices.IndexFunc(jobs, func(j job) bool { return j.Base == w.Name })
				e.Walks[i].Checkpoint = jobs[first].checkpoint
			}
		}
	}
	encoded, err := e.Encode()
	if err != nil {
		return "", err
	}
	if err := checkFolders(s); err != nil {
		return "", err
	}
	path := s.path(ExperimentFile)
	err = durable.Write(path, func(w io.Writer) error {
		_, err := w.Write(encoded)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("writing %s: %w", path, err)
	}
	return string(encoded), nil
}

// checkFolders makes the folders of the pictures and of the report. It is an error if files cannot be written there.
func checkFolders(s study) error {
	if runs.Folder(s.Folder).Used() {
		return misuse("%s is the folder of a training run, whose %s would be overwritten: "+
			"name another folder for the pictures", s.Folder, ExperimentFile)
	}
	for _, folder := range []string{s.Folder, s.path(walkFolder), filepath.Dir(s.Report)} {
		if err := os.MkdirAll(folder, 0o777); err != nil {
			return fmt.Errorf("folder for the pictures: %w", err)
		}
		probe, err := os.CreateTemp(folder, "*"+durable.Suffix)
		if err != nil {
			return fmt.Errorf("folder for the pictures: %w", err)
		}
		probe.Close()
		if err := os.Remove(probe.Name()); err != nil {
			return fmt.Errorf("folder for the pictures: %w", err)
		}
	}
	for _, file := range []string{s.path(ExperimentFile), s.path(tableFile), s.Report} {
		if info, err := os.Stat(file); err == nil && info.IsDir() {
			return fmt.Errorf("%s is a folder, and a file is to be written there", file)
		}
	}
	return nil
}

// publish stores figures, results.csv, results.json and the report. Figures that fail are left out, and their errors
// returned with those that came before.
func publish(
	s study, text string, jobs []job, drawings []*drawing, scores [][]result.Score, floors []result.Score,
	failed []error,
) (*result.Experiment, error) {
	made := &result.Experiment{
		Name: s.Name, Title: cmp.Or(s.Title, s.Name),
		Version: version(), Command: s.Command, TOML: text, Floors: floors,
	}
	for _, a := range s.Axes() {
		made.Axes = append(made.Axes, result.Axis{Key: a.Key, Labels: a.Labels})
	}
	r := resultsOf(s, jobs, drawings, scores)
	r.Floors = floors
	for i, j := range jobs {
		made.Walks = append(made.Walks, describe(j, drawings[i], scores[i], r.Motif))
	}
	for _, f := range s.Figures {
		figure, err := writeFigure(s, r, f)
		if err != nil {
			failed = append(failed, fmt.Errorf("figure %s: %w", f.Name, err))
			continue
		}
		made.Figures = append(made.Figures, figure)
	}
	if err := writeTable(s.path(tableFile), made.Walks); err != nil {
		return nil, errors.Join(append(failed, err)...)
	}
	s.wrote(s.path(tableFile))
	if err := result.Save(s.Folder, made); err != nil {
		return nil, errors.Join(append(failed, err)...)
	}
	if err := report.Write(s.Report, report.Page{Title: made.Title, Folders: []string{s.Folder}}); err != nil {
		return nil, errors.Join(append(failed, err)...)
	}
	s.wrote(s.Report)
	return made, errors.Join(failed...)
}

// describe returns the entry of a walk in results.json. motif is what its images show.
func describe(j job, d *drawing, scores []result.Score, motif string) result.Walk {
	w := result.Walk{
		Name: j.Name, Base: j.Base, At: j.At, Key: j.key, TOML: j.Encode(), Checkpoint: j.checkpoint, Hash: j.hash,
		Samples: j.count(), Calls: len(j.walk.Sigma), Seconds: d.seconds, Scores: scores,
		Picture: j.pictureName(), Alt: pictureAlt(j, motif), Sigma: j.walk.Sigma,
	}
	for _, setting := range j.Settings() {
		w.Settings = append(w.Settings, result.Setting(setting))
	}
	for _, state := range d.history.states {
		w.States = append(w.States, result.State{K: state.K, Sigma: state.Sigma, Picture: j.stateName(state.K),
			Alt: stateAlt(j, state, motif)})
	}
	return w
}

// sortedFloors lists the scores of real images, by their number.
func (c *judge) sortedFloors() (floors []result.Score) {
	for _, n := range slices.Sorted(maps.Keys(c.floors)) {
		floors = append(floors, c.floors[n]...)
	}
	return floors
}

// version returns the version of the program, or "" if it is not known.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	v := info.Main.Version
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			v += " " + s.Value
		}
	}
	return v
}
