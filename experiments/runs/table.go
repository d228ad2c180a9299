package runs

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"strconv"
	"strings"

	"tweedie/data/durable"
)

// A Table is a CSV file of numbers that grows by rows. Rows that the disk does not take now are written with the next
// one.
type Table struct {
	path    string
	columns int
	file    *durable.Appender
}

// OpenTable opens the table at path, or makes it. Of the rows that it has, those stay for which keep returns true; keep
// sees a cell that is empty as NaN. Rows that are cut short or otherwise damaged, as by a crash, are removed and
// counted. It is an error if the file has other columns.
func OpenTable(path string, columns []string, keep func(row []float64) bool) (t *Table, damaged int, err error) {
	old, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, 0, err
	}
	header := strings.Join(columns, ",") + "\n"
	kept := bytes.NewBufferString(header)
	for i, line := range strings.SplitAfter(string(old), "\n") {
		row, whole := parseRow(line, len(columns))
		switch {
		case line == "" || i == 0 && line == header:
		case i == 0 && !strings.ContainsRune(line, 0) && !strings.HasPrefix(header, line):
			return nil, 0, fmt.Errorf("%s: the columns are %q, not this program's %q; move the file away",
				path, strings.TrimSpace(line), strings.TrimSpace(header))
		case !whole:
			damaged++
		case keep(row):
			kept.WriteString(line)
		}
	}
	if !bytes.Equal(old, kept.Bytes()) {
		err := durable.Write(path, func(w io.Writer) error { _, err := w.Write(kept.Bytes()); return err })
		if err != nil {
			return nil, 0, fmt.Errorf("writing %s: %w", path, err)
		}
	}
	file, err := durable.Append(path, 0)
	if err != nil {
		return nil, 0, err
	}
	return &Table{path, len(columns), file}, damaged, nil
}

// parseRow reads a line of n numbers. whole is false if it is no such line.
func parseRow(line string, n int) (row []float64, whole bool) {
	line, whole = strings.CutSuffix(line, "\n")
	cells := strings.Split(line, ",")
	for _, cell := range cells {
		v, err := math.NaN(), error(nil)
		if cell != "" {
			v, err = strconv.ParseFloat(cell, 64)
		}
		whole = whole && err == nil
		row = append(row, v)
	}
	return row, whole && len(cells) == n && cells[0] != ""
}

// Add adds a row with one cell per column. After an error the row waits to be written with the next one.
func (t *Table) Add(row []string) error {
	if len(row) != t.columns {
		return fmt.Errorf("%s: a row of %d cells for %d columns", t.path, len(row), t.columns)
	}
	t.file.Add([]byte(strings.Join(row, ",") + "\n"))
	return t.file.Flush()
}

// Close closes the file.
func (t *Table) Close() error { return t.file.Close() }
