package study

import (
	"context"
	"strings"

	"tweedie/data"
	"tweedie/experiments"
)

// classifiedImages returns n training images, NCHW, evenly spaced, and the class of each by the names of their folders.
// n is atMost if there are as many.
func classifiedImages(
	ctx context.Context, d experiments.Data, atMost int,
) (images []float32, classes []string, err error) {
	err = withTraining(d, func(training *data.Set) (err error) {
		n := min(atMost, training.Len())
		names := make([]string, n)
		for i := range names {
			names[i] = training.Name(i * training.Len() / n) // as in data.EvenlySpaced
		}
		classes = classesOf(names)
		images, err = training.EvenlySpaced(ctx, n, training.Len())
		return err
	})
	return images, classes, err
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
