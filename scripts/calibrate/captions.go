package main

import (
	_ "embed"
	"strings"
)

// Texts of the page: its introduction, and for each figure a line "NAME: TITLE" with the caption in the next line.
// Words in braces are replaced.
var (
	//go:embed introduction.txt
	introduction string
	//go:embed captions.txt
	captions string
)

// caption returns the title and the caption of a figure. replacements are pairs of a word in braces and its text.
func caption(name string, replacements ...string) (title, text string) {
	for block := range strings.SplitSeq(captions, "\n\n") {
		first, rest, _ := strings.Cut(strings.TrimSpace(block), "\n")
		if before, after, _ := strings.Cut(first, ": "); before == name {
			return after, strings.NewReplacer(replacements...).Replace(rest)
		}
	}
	return name, ""
}
