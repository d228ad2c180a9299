package study

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"
	"text/tabwriter"

	"tweedie/sample/metric"
)

// An evaluation holds what was measured.
type evaluation struct {
	path            string // of the images
	columns         []evaluated
	images          int // whose errors were measured
	likelihood      int // images whose likelihood was measured
	likelihoodLevel int // noise levels of the likelihood
}

// digits is a number written with six significant digits.
type digits float64

func (d digits) String() string { return strconv.FormatFloat(float64(d), 'g', 6, 64) }

func (d digits) MarshalJSON() ([]byte, error) { return json.Marshal(json.Number(d.String())) }

// write writes the tables and then the lines of JSON.
func (e evaluation) write(w io.Writer) error {
	fmt.Fprintf(w, "Mean squared error per pixel on %d images of %s\n", e.images, e.path)
	for _, c := range e.columns {
		if c.about != "" {
			fmt.Fprintln(w, c.about)
		}
	}
	fmt.Fprintln(w)
	table := tabwriter.NewWriter(w, 0, 0, 3, ' ', 0)
	fmt.Fprint(table, "sigma")
	for _, c := range e.columns {
		fmt.Fprint(table, "\t", c.key)
	}
	fmt.Fprintln(table)
	for k, sigma := range metric.NoiseLevels {
		fmt.Fprint(table, sigma)
		for _, c := range e.columns {
			fmt.Fprint(table, "\t", digits(c.errors[k]))
		}
		fmt.Fprintln(table)
	}
	fmt.Fprintln(table)
	if e.measured() {
		e.writeBits(table)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	return e.writeLines(w)
}

func (e evaluation) measured() bool { return e.columns[0].hasBits }

// writeBits writes the table of likelihoods.
func (e evaluation) writeBits(table *tabwriter.Writer) {
	fmt.Fprintf(table, "Bits per value of %d of these images, with 256 gray levels: the integral of the error over %d "+
		"noise levels (I-MMSE)\n", e.likelihood, e.likelihoodLevel)
	fmt.Fprintln(table, "fine: those due to noise of less than a gray level")
	fmt.Fprintln(table, "error: of the integral for these images, with three standard errors of its noise")
	fmt.Fprintln(table, "standard error: for all images like these")
	fmt.Fprintln(table)
	fmt.Fprintln(table, "\tbits per value\tfine\terror\tstandard error")
	for _, c := range e.columns {
		if c.hasBits {
			fmt.Fprintf(table, "%s\t%v\t%v\t%s\t%s\n", c.key, digits(c.bits.Mean), digits(c.bits.Fine),
				twoDigits(c.bits.Error), twoDigits(c.bits.StandardError))
		}
	}
	fmt.Fprintln(table)
}

// twoDigits writes a number with two significant digits, or all that stand before the decimal point.
func twoDigits(v float64) string {
	if math.Abs(v) >= 100 {
		return strconv.FormatFloat(v, 'f', 0, 64)
	}
	return strconv.FormatFloat(v, 'g', 2, 64)
}

// writeLines writes one line of JSON for each noise level, and for each denoiser that has a likelihood.
func (e evaluation) writeLines(w io.Writer) error {
	for k, sigma := range metric.NoiseLevels {
		var line bytes.Buffer
		fmt.Fprintf(&line, `{"sigma":%v`, sigma)
		for _, c := range e.columns {
			value, err := json.Marshal(digits(c.errors[k]))
			if err != nil {
				return fmt.Errorf("error of %s at sigma %g: %w", c.key, sigma, err)
			}
			fmt.Fprintf(&line, ",%q:%s", c.key, value)
		}
		fmt.Fprintf(&line, "}\n")
		if _, err := w.Write(line.Bytes()); err != nil {
			return err
		}
	}
	lines := json.NewEncoder(w)
	for _, c := range e.columns {
		if !c.hasBits {
			continue
		}
		err := lines.Encode(struct {
			Denoiser      string `json:"denoiser"`
			Bits          digits `json:"bits_per_value"`
			Fine          digits `json:"fine"`
			Error         digits `json:"error"`
			StandardError digits `json:"standard_error"`
			Levels        int    `json:"levels"`
			Images        int    `json:"images"`
		}{c.key, digits(c.bits.Mean), digits(c.bits.Fine), digits(c.bits.Error), digits(c.bits.StandardError),
			e.likelihoodLevel, e.likelihood})
		if err != nil {
			return fmt.Errorf("likelihood by %s: %w", c.key, err)
		}
	}
	return nil
}
