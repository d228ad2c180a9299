package study

import (
	"strings"

	"tweedie/data"
	"tweedie/experiments"
)

// trainingClasses returns the class of each of the n images that trainingImages returns, by the names of their folders.
func trainingClasses(d experiments.Data, n int) (classes []string, err error) {
	err = withTraining(d, func(training *data.Set) error {
		names := make([]string, n)
		for i := range names {
			names[i] = training.Name(i * training.Len() / n) // as in data.EvenlySpaced
		}
		classes = classesOf(names)
		return nil
	})
	return classes, err
}

// classesOf returns the class of each of some images: a folder in its slash-separated name, at the first depth at which
// the images' folders differ. So "glyphs/H/gomono/3" is of class "H" beside "glyphs/I/gomono/3". The class of an image
// without a folder at this depth is "", and so is that of all images if their folders do not differ.
func classesOf(names []string) []string {
	classes := make([]string, len(names))
	for depth := 0; ; depth++ {
		deeper, differ := false, false
		for i, name := range names {
			classes[i] = ""
			if parts := strings.Split(name, "/"); depth < len(parts)-1 {
				classes[i], deeper = parts[depth], true
			}
			differ = differ || classes[i] != classes[0]
		}
		if differ || !deeper {
			return classes
		}
	}
}
