package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
)

// tuned is the environment of the tuned peer: memory kept between steps, and no second pool of threads.
var tuned = []string{"LD_PRELOAD=libtcmalloc_minimal.so.4", "OPENBLAS_NUM_THREADS=1"}

// compare runs this program, the peer and the tuned peer in turn, each in a process of its own. It prints every result
// and then the ratios: their time over ours, so that 2 means twice as fast, and our memory over theirs.
func compare(c network, runs, threads, pairs int, python, script string) error {
	ours, err := os.Executable()
	if err != nil {
		return err
	}
	common := []string{"-cases", c.name, "-runs", strconv.Itoa(runs), "-threads", strconv.Itoa(threads)}
	theirs := []string{
		script, "--cases", c.name, "--runs", strconv.Itoa(runs), "--threads", strconv.Itoa(threads)}
	var results [3][]result
	for range pairs {
		for i, p := range []struct {
			program string
			args    []string
			env     []string
		}{{ours, common, nil}, {python, theirs, nil}, {python, theirs, tuned}} {
			r, err := measure(p.program, p.args, p.env)
			if err != nil {
				return err
			}
			results[i] = append(results[i], r)
		}
	}
	for i, name := range []string{"the peer", "the tuned peer"} {
		fmt.Printf("%s against %s, median (least to greatest) of %d pairs:\n", c.name, name, pairs)
		for _, f := range []struct {
			name  string
			ratio func(ours, theirs result) float64
		}{
			{"training step, times as fast", func(o, t result) float64 { return t.TrainStep / o.TrainStep }},
			{"inference of a batch", func(o, t result) float64 { return t.InferBatch / o.InferBatch }},
			{"inference of one image", func(o, t result) float64 { return t.InferOne / o.InferOne }},
			{"peak memory, share of its", func(o, t result) float64 { return o.PeakMemory / t.PeakMemory }},
		} {
			ratios := make([]float64, pairs)
			for k := range ratios {
				ratios[k] = f.ratio(results[0][k], results[i+1][k])
			}
			fmt.Printf("  %-30s %.2f (%.2f to %.2f)\n", f.name, middle(ratios), slices.Min(ratios), slices.Max(ratios))
		}
	}
	return nil
}

// measure runs a program that prints one result. It prints the result too.
func measure(program string, args, env []string) (result, error) {
	cmd := exec.Command(program, args...)
	cmd.Env, cmd.Stderr = append(os.Environ(), env...), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return result{}, fmt.Errorf("%s %v: %w", filepath.Base(program), args, err)
	}
	var r result
	if err := json.Unmarshal(bytes.TrimSpace(out), &r); err != nil {
		return result{}, fmt.Errorf("%s %v printed %q: %w", filepath.Base(program), args, out, err)
	}
	os.Stdout.Write(out)
	return r, nil
}
