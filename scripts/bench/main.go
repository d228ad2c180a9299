// Command bench times a training step (forward, backward, Adam) and inference of the default network, and prints a line
// of JSON for each case. With -peer it runs the same network in PyTorch in turn with ours, and prints the ratios.
//
//	go run ./scripts/bench
//	go run ./scripts/bench -cases gray32,rgb32,rgb64 -peer torch_unet.py -pairs 5
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
	"strings"
)

func main() {
	var names []string
	for _, c := range cases {
		names = append(names, c.name)
	}
	chosen := flag.String("cases", strings.Join(names, ","), "`names` of cases")
	runs := flag.Int("runs", 5, "times each thing is timed; the median counts")
	threads := flag.Int("threads", runtime.NumCPU(), "`cores` to use")
	peer := flag.String("peer", "",
		"`path` of torch_unet.py: run it in turn with this program, as installed and tuned, and print the ratios")
	pairs := flag.Int("pairs", 5, "`times` that each program is run in turn")
	python := flag.String("python", "/usr/bin/python3", "Python with PyTorch, for -peer")
	profile := flag.String("cpuprofile", "", "`file` for a profile of this program, for go tool pprof")
	flag.Parse()
	if *profile != "" {
		f, err := os.Create(*profile)
		if err == nil {
			err = pprof.StartCPUProfile(f)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, "bench:", err)
			os.Exit(1)
		}
		defer pprof.StopCPUProfile()
	}
	if err := run(strings.Split(*chosen, ","), *runs, *threads, *peer, *python, *pairs); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(names []string, runs, threads int, peer, python string, pairs int) error {
	if runs < 1 || pairs < 1 || threads < 1 {
		return fmt.Errorf("-runs %d, -pairs %d, -threads %d: must be at least 1", runs, pairs, threads)
	}
	for _, name := range names {
		c, err := find(name)
		if err != nil {
			return err
		}
		if peer != "" {
			if err := compare(c, runs, threads, pairs, python, peer); err != nil {
				return err
			}
			continue
		}
		r, err := c.time(runs, threads)
		if err != nil {
			return err
		}
		if err := json.NewEncoder(os.Stdout).Encode(r); err != nil {
			return err
		}
	}
	return nil
}
