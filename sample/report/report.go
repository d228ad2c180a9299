// Package report makes a page of what walks left behind: report.html, one file that opens anywhere, with every picture within.
//
// It reads folders of package result. It must not know how a walk steps, how a score is computed or how a figure is drawn.
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

// A Page is what Write makes.
type Page struct {
	Title    string
	Text     string    // introduction; may be empty
	Folders  []string  // of experiments, in the order of their sections
	Findings []Finding // what the paper claims and what came of it; none: the page has no such table
}

// A Finding is a claim beside the numbers that speak for or against it.
type Finding struct {
	Claim      string
	Text       string // the numbers
	Verdict    string // Agrees or Disagrees
	Experiment string // name of that which the numbers are from
}

// What a verdict may be.
const (
	Agrees    = "agrees"
	Disagrees = "disagrees"
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

// Write stores a page in the file path, whole or not at all. It is an error for a folder to lack its results.json or a picture that this
// names.
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
