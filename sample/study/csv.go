package study

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"

	"tweedie/data/durable"
	"tweedie/sample/result"
)

// writeTable stores a row for each walk: every setting, its scores, the network calls for a sample, and the seconds
// that all samples took.
func writeTable(path string, walks []result.Walk) error {
	settings, scores := columns(walks)
	header := append([]string{"walk"}, settings...)
	header = append(header, "checkpoint file", "checkpoint sha256", "drawn", "network calls", "seconds")
	rows := [][]string{append(header, scores...)}
	for _, w := range walks {
		row := []string{w.Name}
		for _, key := range settings {
			value := ""
			if at := slices.IndexFunc(w.Settings, func(s result.Setting) bool { return s.Key == key }); at >= 0 {
				value = w.Settings[at].Value
			}
			row = append(row, value)
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
	if err := durable.Write(path, func(w io.Writer) error { return csv.NewWriter(w).WriteAll(rows) }); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return nil
}

// columns returns the keys of all walks' settings and scores, each once, in the order in which they come.
func columns(walks []result.Walk) (settings, scores []string) {
	add := func(keys *[]string, key string) {
		if !slices.Contains(*keys, key) {
			*keys = append(*keys, key)
		}
	}
	for _, w := range walks {
		for _, s := range w.Settings {
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
