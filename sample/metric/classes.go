package metric

import (
	"fmt"
	"math"
	"slices"

	"tweedie/sample/result"
)

const (
	mostClasses  = 200  // with more of them, folders are hardly classes, and few samples fall into each
	testedImages = 2000 // training images, at most, on which the classifier is tested
	leastRight   = 0.9  // share of these that it must get right
)

// A classifier gives an image the class of the nearest training image.
type classifier struct {
	names    []string  // ascending
	of       []int     // for each training image, the number of its class
	real     []float64 // for each class, the share of real images that are given it
	mistaken []float64 // for each class, the share of the real images of other classes that are given it
}

// newClassifier tests the classifier on training images, each with the nearest of the others. It returns nil if the
// names of the images' classes are not known, are all the same or are too many, or if fewer than leastRight are right.
func newClassifier(images imageSet, mean []float64, classes []string) (*classifier, error) {
	if len(classes) == 0 {
		return nil, nil
	}
	if len(classes) != images.len() {
		return nil, fmt.Errorf("metric: there are %d classes of %d training images: give one for each, or none",
			len(classes), images.len())
	}
	names := slices.Compact(slices.Sorted(slices.Values(classes)))
	if len(names) < 2 || len(names) > mostClasses {
		return nil, nil
	}
	c := &classifier{names: names, real: make([]float64, len(names)), mistaken: make([]float64, len(names))}
	for _, name := range classes {
		class, _ := slices.BinarySearch(names, name)
		c.of = append(c.of, class)
	}
	stride := (images.len() + testedImages - 1) / testedImages
	tested := imageSet{images.images, images.pixels, stride}
	right, n := 0, float64(tested.len())
	others := slices.Repeat([]float64{n}, len(names)) // for each class, the number of images of others
	for i, at := range nearestImages(tested, images, mean, true).index {
		class, given := c.of[i*stride], c.of[at]
		others[class]--
		c.real[given] += 1 / n
		if given == class {
			right++
		} else {
			c.mistaken[given]++
		}
	}
	for class := range c.mistaken {
		c.mistaken[class] /= max(others[class], 1)
	}
	if float64(right) < leastRight*n {
		return nil, nil
	}
	return c, nil
}

// leastClass is, for each subset of the samples, the smallest ratio of a class's share to that among real images.
func (c *comparison) leastClass() ([]float64, error) {
	if c.classes == nil {
		return []float64{math.NaN()}, nil
	}
	var values []float64
	for _, s := range c.subsets {
		least := math.Inf(1)
		for class, count := range c.classCounts(s) {
			if real := c.classes.real[class]; real > 0 {
				least = min(least, float64(count)/float64(len(s.chosen))/real)
			}
		}
		values = append(values, least)
	}
	return values, nil
}

// classCounts returns how many of a subset of the samples are given each class.
func (c *comparison) classCounts(s subset) []int {
	counts := make([]int, len(c.classes.names))
	for _, i := range s.chosen {
		counts[c.classes.of[c.near().index[i]]]++
	}
	return counts
}

// addClasses adds to a score how many samples are given each class.
func (c *comparison) addClasses(s *result.Score) {
	for class, count := range c.classCounts(c.subsets[0]) {
		s.Classes = append(s.Classes, result.Class{
			Name: c.classes.names[class], Count: count,
			Real: rounded(c.classes.real[class]), Mistaken: rounded(c.classes.mistaken[class]),
		})
	}
}
