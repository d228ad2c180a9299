package trainer

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"tweedie/experiments/runs"
)

// metrics is metrics.csv: a row for each report, whose columns are empty where there is nothing to report.
type metrics struct {
	*runs.Table
	before time.Duration // spent by earlier processes of the run
}

var columns = append([]string{
	"step", "seconds", "loss", "rate", "gradient_norm", "images_per_second",
}, heldOutColumns()...)

// openMetrics opens the file at path for the rows after step. Later ones, of a run that was resumed from an older
// checkpoint, are removed. damaged counts rows that were cut short or could not be read, and are removed as well.
func openMetrics(path string, step int) (m *metrics, damaged int, err error) {
	m = &metrics{}
	m.Table, damaged, err = runs.OpenTable(path, columns, func(row []float64) bool {
		kept := row[0] <= float64(step)
		if seconds := row[1]; kept && !math.IsNaN(seconds) {
			m.before = time.Duration(seconds * float64(time.Second))
		}
		return kept
	})
	return m, damaged, err
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
	if err := m.Table.Add(row); err != nil {
		return fmt.Errorf("writing metrics: %w", err)
	}
	return nil
}
