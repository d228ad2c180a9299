// Package report writes report.html: one page about the walks of one or several experiments, with every picture inside
// the file, so that it can be opened anywhere.
//
// The package reads the folders that package result describes. It must not know how a walk steps, how a score is
// computed or how a figure is drawn.
package report

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"strings"

	"tweedie/data/durable"
	"tweedie/sample/result"
)

// A Page is the content of a report. Its texts, and those of its findings, are paragraphs separated by empty lines. A
// paragraph whose lines all have tabs is a table: a row for each line, the first of which has the headings.
type Page struct {
	Title    string
	Text     string    // introduction; may be empty
	Folders  []string  // folders of experiments, one for each section, in order
	Findings []Finding // claims of the paper with their verdicts; without any the page has no such section
}

// A Finding is a claim with the numbers that speak for or against it.
type Finding struct {
	Claim      string
	Text       string // the numbers, in paragraphs and tables
	Verdict    string // Agrees, Disagrees or Undecided
	Experiment string // name of the experiment that the numbers are from
}

// The verdicts.
const (
	Agrees    = "agrees"
	Disagrees = "disagrees"
	Undecided = "undecided" // the data cannot tell
)

var (
	//go:embed report.html.tmpl
	page string
	//go:embed style.css
	style string
	//go:embed script.js
	script string
)

var pageTemplate = template.Must(template.New("report").Funcs(template.FuncMap{
	"blocks": blocks,
	"tally":  tally,
	"json":   asJSON,
	"style":  func() template.CSS { return template.CSS(style) },
	"script": func() template.JS { return template.JS(script) },
}).Parse(page))

// tally counts the verdicts: "3 agree, 1 disagrees".
func tally(findings []Finding) string {
	var parts []string
	for _, v := range []struct{ verdict, one, several string }{
		{Agrees, "agrees", "agree"}, {Disagrees, "disagrees", "disagree"}, {Undecided, "undecided", "undecided"},
	} {
		n := 0
		for _, f := range findings {
			if f.Verdict == v.verdict {
				n++
			}
		}
		switch {
		case n == 1:
			parts = append(parts, "1 "+v.one)
		case n > 1:
			parts = append(parts, fmt.Sprint(n, " ", v.several))
		}
	}
	return strings.Join(parts, ", ")
}

// asJSON encodes a value for the page's script.
func asJSON(v any) (string, error) {
	encoded, err := json.Marshal(v)
	return string(encoded), err
}

// Write stores a page in the file path. On an error, a file that was there before is untouched. A folder without
// results.json, or without a picture that results.json names, is an error.
func Write(path string, p Page) error {
	v := view{Page: p}
	for _, folder := range p.Folders {
		e, err := result.Load(folder)
		if err != nil {
			return err
		}
		s, err := newSection(folder, e)
		if err != nil {
			return fmt.Errorf("report of %s: %w", folder, err)
		}
		v.Sections = append(v.Sections, s)
	}
	if err := durable.Write(path, func(w io.Writer) error { return pageTemplate.Execute(w, v) }); err != nil {
		return fmt.Errorf("writing report %s: %w", path, err)
	}
	return nil
}
