package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"tweedie/sample/result"
)

// walk runs the walks of the experiment that are not kept from before, and writes what came of all: pictures, how the first samples
// came about if asked to, scores and the report. Whatever can be found wrong is found before the first step.
func (s selection) walk(ctx context.Context, withTrajectory bool, stdout, stderr io.Writer) error {
	jobs, err := s.jobs(ctx, stderr)
	if err != nil {
		return err
	}
	scorer, err := s.newScorer(ctx, jobs, stderr)
	if err != nil {
		return err
	}
	toml, err := s.begin()
	if err != nil {
		return err
	}
	drawings, err := s.drawAll(ctx, jobs, stderr)
	if errors.Is(err, context.Canceled) {
		fmt.Fprintf(stderr, "sample: what was drawn is kept; go on with go run ./sample -resume %s\n", s.figures)
	}
	if err != nil {
		return err
	}
	r := results{selection: s, jobs: jobs, drawings: drawings, stdout: stdout, made: result.Experiment{
		Name: s.experiment.Name, Title: cmp.Or(s.experiment.Title, s.experiment.Name), Version: version(), Command: s.command, TOML: toml}}
	return r.write(scorer, withTrajectory)
}

// begin makes the folder of the pictures and stores the experiment there as the flags have it, for -resume. It returns the file's text.
func (s selection) begin() (toml string, err error) {
	for i, w := range s.experiment.Walks {
		s.experiment.Walks[i].Checkpoint = s.checkpointOf(w)
	}
	text, err := s.experiment.Encode()
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(s.figures, 0o777); err != nil {
		return "", fmt.Errorf("folder for the pictures: %w", err)
	}
	return string(text), os.WriteFile(filepath.Join(s.figures, experimentName), text, 0o666)
}

// drawAll runs every walk that is not kept, one after the other, each on all cores, and keeps it. A walk that was stopped goes on.
func (s selection) drawAll(ctx context.Context, jobs []job, stderr io.Writer) ([]*drawing, error) {
	keep := keeper{filepath.Join(s.figures, keptFolder)}
	drawings := make([]*drawing, len(jobs))
	total, missing := 0, 0
	for i, j := range jobs {
		drawings[i] = keep.load(j)
		if left := j.left(drawings[i]); left > 0 {
			total += left
			missing++
		}
	}
	if kept := len(jobs) - missing; kept > 0 {
		fmt.Fprintf(stderr, "%d of %d walks are kept from before, in %s\n", kept, len(jobs), keep.folder)
	}
	progress := newProgress(stderr, total)
	defer progress.close()
	part := 0
	for i, j := range jobs {
		left := j.left(drawings[i])
		if left > 0 || len(j.At) == 0 { // a sweep has many
			for _, w := range j.walk.Warnings(s.dataStd()) {
				fmt.Fprintf(stderr, "sample: warning: walk %s: %s\n", j.Name, w)
			}
			kept := ""
			if left < j.calls() {
				kept = fmt.Sprintf("; %.0f%% is kept from before", 100-100*float64(left)/float64(j.calls()))
			}
			fmt.Fprintf(stderr, "%s: %s, %d steps, %s%s\n", j.Name, j.what(), len(j.walk.Sigma), j.from(), kept)
		}
		if left == 0 {
			continue
		}
		part++
		progress.of(j.Name, part, missing)
		if err := j.draw(ctx, drawings[i], progress, keep.save); err != nil {
			return nil, fmt.Errorf("walk %s: %w", j.Name, err)
		}
	}
	return drawings, nil
}
