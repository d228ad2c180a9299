package main

import (
	"encoding/csv"
	"fmt"
	"os"
	"slices"
	"strconv"

	"tweedie/sample/result"
)

// writeCSV stores a row for each walk: every setting, scores, network calls for a sample, and the seconds that all samples took.
func (r *results) writeCSV(path string) error {
	settings, scores := r.columns()
	header := append([]string{"walk"}, settings...)
	header = append(header, "checkpoint file", "checkpoint sha256", "drawn", "network calls", "seconds")
	rows := [][]string{append(header, scores...)}
	for i, w := range r.made.Walks {
		row := []string{w.Name}
		of := map[string]string{}
		for _, s := range r.jobs[i].Settings() {
			of[s.Key] = s.Value
		}
		for _, key := range settings {
			row = append(row, of[key])
		}
		row = append(row, w.Checkpoint, w.Hash, strconv.Itoa(w.Samples), strconv.Itoa(w.Calls), number(w.Seconds))
		for _, key := range scores {
			value := ""
			if at := slices.IndexFunc(w.Scores, func(s result.Score) bool { return s.Key == key }); at >= 0 {
				value = number(w.Scores[at].Value)
			}
			row = append(row, value)
		}
		rows = append(rows, row)
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := csv.NewWriter(f).WriteAll(rows); err != nil {
		f.Close()
		return fmt.Errorf("%s: %w", path, err)
	}
	if err := f.Close(); err != nil {
		return err
	}
	fmt.Fprintln(r.stdout, "wrote", path)
	return nil
}

// columns are the keys of all walks' settings and scores, each once, in the order in which they come.
func (r *results) columns() (settings, scores []string) {
	add := func(to *[]string, key string) {
		if !slices.Contains(*to, key) {
			*to = append(*to, key)
		}
	}
	for i, w := range r.made.Walks {
		for _, s := range r.jobs[i].Settings() {
			if s.Key != "name" {
				add(&settings, s.Key)
			}
		}
		for _, s := range w.Scores {
			add(&scores, s.Key)
		}
	}
	return settings, scores
}

func number(v float64) string { return strconv.FormatFloat(v, 'g', 6, 64) }
