package report

import "strings"

// A block is a paragraph or a table of a text.
type block struct {
	Text string
	Rows [][]string // the first has the headings; nil for a paragraph
}

// blocks splits a text at its empty lines. A block whose lines all have tabs is a table with a row for each line.
func blocks(text string) (all []block) {
	for part := range strings.SplitSeq(text, "\n\n") {
		b := block{Text: part}
		for line := range strings.Lines(part) {
			cells := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
			if len(cells) < 2 {
				b.Rows = nil
				break
			}
			b.Rows = append(b.Rows, cells)
		}
		all = append(all, b)
	}
	return all
}
