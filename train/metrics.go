package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"time"
)

// metrics is metrics.csv: a row for each report, whose columns are filled where there is something to report.
type metrics struct {
	file   *os.File
	rows   *csv.Writer
	before time.Duration // spent by earlier processes of the run
}

var columns = append([]string{"step", "seconds", "loss", "rate", "gradient_norm", "images_per_second"}, heldOutColumns()...)

// openMetrics opens the file at path for the rows after step: later ones, of a run that was resumed from an older checkpoint, go.
func openMetrics(path string, step int) (*metrics, error) {
	kept := [][]string{columns}
	m := &metrics{}
	old, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	rows, err := csv.NewReader(strings.NewReader(string(old))).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	for _, row := range rows[min(1, len(rows)):] {
		at, err1 := strconv.Atoi(row[0])
		seconds, err2 := strconv.ParseFloat(row[1], 64)
		if err := errors.Join(err1, err2); err != nil || len(row) != len(columns) {
			return nil, fmt.Errorf("%s: row %q is not of this program", path, row)
		}
		if at <= step {
			kept = append(kept, row)
			m.before = time.Duration(seconds * float64(time.Second))
		}
	}
	if m.file, err = os.Create(path); err != nil {
		return nil, err
	}
	m.rows = csv.NewWriter(m.file)
	return m, m.rows.WriteAll(kept)
}

// add adds a row for a step, elapsed after this process started.
func (m *metrics) add(step int, elapsed time.Duration, values map[string]float64) error {
	row := []string{strconv.Itoa(step), strconv.FormatFloat((m.before + elapsed).Seconds(), 'f', 2, 64)}
	for _, c := range columns[len(row):] {
		cell := ""
		if v, ok := values[c]; ok {
			cell = strconv.FormatFloat(v, 'g', 7, 64)
		}
		row = append(row, cell)
	}
	m.rows.Write(row)
	m.rows.Flush()
	return m.rows.Error()
}

func (m *metrics) close() error { return m.file.Close() }
