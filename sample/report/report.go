// Package report writes report.html: one page about the walks of one or several experiments, with every picture inside
// the file, so that it can be opened anywhere.
//
// The package reads the folders that package result describes. It must not know how a walk steps, how a score is
// computed or how a figure is drawn.
package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"

	"tweedie/data/durable"
	"tweedie/sample/result"
)

// A Page is the content of a report.
type Page struct {
	Title    string
	Text     string    // introduction, paragraphs separated by empty lines; may be empty
	Folders  []string  // folders of experiments, one for each section, in order
	Findings []Finding // claims of the paper with their verdicts; without any the page has no such table
}

// A Finding is a claim with the numbers that speak for or against it.
type Finding struct {
	Claim      string
	Text       string // the numbers
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
	"paragraphs": func(text string) []string { return strings.Split(text, "\n\n") },
	"style":      func() template.CSS { return template.CSS(style) },
	"script":     func() template.JS { return template.JS(script) },
}).Parse(page))

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
