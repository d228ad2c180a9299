package study

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"tweedie/nets/checkpoint"
)

// dependencyPrefix begins the keys of dependencies in the metadata of a kept walk.
const dependencyPrefix = "depends on "

// shownNames is the number of walks that a line names, at most.
const shownNames = 3

// explain says why walks of which nothing can be used are drawn anew, although the archive has walks of their names. It
// returns a line for each reason, in the order of the walks.
func (a archive) explain(anew []job) (lines []string) {
	if len(anew) == 0 {
		return nil
	}
	kept := a.dependenciesByName()
	names := map[string][]string{} // by reason
	var reasons []string
	for _, j := range anew {
		reason := why(j, kept[j.Name])
		if _, err := os.Stat(a.path(j)); err == nil {
			reason = fmt.Sprintf("%s, which keeps it, is damaged", a.path(j))
		}
		if reason == "" {
			continue
		}
		if names[reason] == nil {
			reasons = append(reasons, reason)
		}
		names[reason] = append(names[reason], j.Name)
	}
	for _, reason := range reasons {
		walks := names[reason]
		subject := strings.Join(walks[:min(len(walks), shownNames)], ", ")
		if more := len(walks) - shownNames; more > 0 {
			subject += fmt.Sprintf(" and %d more", more)
		}
		lines = append(lines, fmt.Sprintf("%s: drawn anew, since %s", subject, reason))
	}
	return lines
}

// dependenciesByName returns the dependencies of all kept walks, by the walk's name. Each is a map from the name of a
// dependency to its hash.
func (a archive) dependenciesByName() map[string][]map[string]string {
	kept := map[string][]map[string]string{}
	files, _ := os.ReadDir(a.folder) // a folder that cannot be read keeps nothing
	for _, file := range files {
		metadata, err := checkpoint.ReadMetadata(filepath.Join(a.folder, file.Name()))
		if err != nil || metadata["key"] == "" {
			continue // a picture, or a damaged file
		}
		on := map[string]string{}
		for key, hash := range metadata {
			if name, is := strings.CutPrefix(key, dependencyPrefix); is {
				on[name] = hash
			}
		}
		kept[metadata["walk"]] = append(kept[metadata["walk"]], on)
	}
	return kept
}

// why says why none of the kept walks of a job's name can be used, by what has changed since the one that differs
// least. It returns "" if there are none.
func why(j job, kept []map[string]string) string {
	if len(kept) == 0 {
		return ""
	}
	var least []string
	for i, on := range kept {
		if changed := differences(j.dependsOn, on); i == 0 || len(changed) < len(least) {
			least = changed
		}
	}
	if slices.Contains(least, versionName) {
		return "it was kept by another version of this program"
	}
	return "these have changed: " + strings.Join(least, ", ")
}

// differences returns the names of dependencies that have changed, are new, or are gone.
func differences(now []dependency, kept map[string]string) (changed []string) {
	gone := maps.Clone(kept)
	for _, d := range now {
		if kept[d.Name] != d.Hash {
			changed = append(changed, d.Name)
		}
		delete(gone, d.Name)
	}
	return append(changed, slices.Sorted(maps.Keys(gone))...)
}
