package study

import (
	"fmt"
	"slices"

	"tweedie/sample/figure"
	"tweedie/sample/metric"
	"tweedie/sample/result"
	"tweedie/sample/walk"
)

// check looks for everything that would go wrong after the walks: scores of too few images, pictures that would
// overwrite each other or cannot be drawn. It returns the first mistake, and warns of what is allowed but seldom meant.
// For a plan that does not know the image size, it checks only the scores.
func check(s study, jobs []job) error {
	if err := checkScores(s, jobs); err != nil {
		return err
	}
	if err := checkLinearEstimator(s, jobs); err != nil {
		return err
	}
	sized := make([]job, len(jobs))
	for i, j := range jobs {
		shape, known := j.shape(s)
		if !known {
			return nil
		}
		sized[i] = j
		sized[i].denoiser = &denoiser{shape: shape}
	}
	files := register{}
	if err := files.claimPictures(s, sized); err != nil {
		return err
	}
	return rehearse(s, sized, files)
}

// checkScores compares the numbers of samples and of training images with those that [metrics] needs.
func checkScores(s study, jobs []job) error {
	scored := slices.DeleteFunc(slices.Clone(jobs), func(j job) bool { return j.problem != nil })
	if s.Metrics == nil || len(scored) == 0 {
		return nil
	}
	training, held, err := s.Data.Open()
	if err != nil {
		return fmt.Errorf("metrics: %w", err)
	}
	defer training.Close()
	if held != nil {
		defer held.Close()
	}
	const least = neighbours + 1
	n := min(training.Len(), s.Metrics.Reference)
	if n < 2*least {
		return misuse("%s: metrics: samples would be compared with %d training images; %d or more are needed "+
			"(metrics.reference, and images in %s)", s.Origin, n, 2*least, s.Data.Path)
	}
	if most := n/2 - 1; s.Metrics.Features > most {
		s.Observer.Tell(Warning, fmt.Sprintf("metrics.features = %d: half of %d training images have at most %d "+
			"principal components", s.Metrics.Features, n, most))
	}
	for _, j := range scored {
		if j.Samples < least {
			return misuse("%s: walk %s: samples = %d are too few for [metrics], which needs %d or more",
				s.Origin, j.Name, j.Samples, least)
		}
		if j.Samples > n/2 {
			return misuse("%s: walk %s: samples = %d are too many for [metrics]: the noise floor is the score of "+
				"as many real images, of which there are %d, half of the %d that are compared with",
				s.Origin, j.Name, j.Samples, n/2, n)
		}
	}
	return nil
}

// A register knows which picture is written to which file, named relative to the experiment's folder.
type register map[string]string

// claim refuses two pictures of one name.
func (r register) claim(s study, picture string, files ...string) error {
	for _, file := range files {
		if other, taken := r[file]; taken {
			return misuse("%s: %s and %s would both be written to %s: rename one",
				s.Origin, other, picture, s.path(file))
		}
		r[file] = picture
	}
	return nil
}

// claimPictures claims the files of the walks' own pictures.
func (r register) claimPictures(s study, jobs []job) error {
	for _, j := range jobs {
		files := []string{j.pictureName()}
		if s.Trajectory {
			files = append(files, j.stripName(), j.filmName())
		}
		for _, k := range newHistory(j).steps {
			files = append(files, j.stateName(k))
		}
		if err := r.claim(s, "walk "+j.Name, files...); err != nil {
			return err
		}
	}
	return nil
}

// rehearse draws every picture and figure with blank samples, and throws them away. So a picture that cannot be drawn
// is an error before the walks.
func rehearse(s study, jobs []job, files register) error {
	drawings, scores := make([]*drawing, len(jobs)), make([][]result.Score, len(jobs))
	for i, j := range jobs {
		var err error
		drawings[i] = blank(j)
		if scores[i], err = blankScores(s, j, drawings[i].samples); err != nil {
			return fmt.Errorf("walk %s: %w", j.Name, err)
		}
	}
	rehearsed := map[string]bool{} // pictures of one layout are drawn once
	for i, j := range jobs {
		layout := fmt.Sprint(j.describe(), j.denoiser.shape)
		if rehearsed[layout] {
			continue
		}
		rehearsed[layout] = true
		if err := rehearsePictures(exhibitOf(j, drawings[i]), s.Trajectory); err != nil {
			return misuse("%s: walk %s: %w", s.Origin, j.Name, err)
		}
	}
	r := resultsOf(s, jobs, drawings, scores)
	for _, f := range s.Figures {
		r.Note = func(text string) { s.Observer.Tell(Note, fmt.Sprintf("figure %s %s", f.Name, text)) }
		parts, err := f.Settings.Draw(r)
		if err != nil {
			return misuse("%s: figure %s: %w", s.Origin, f.Name, err)
		}
		for _, part := range parts {
			if err := files.claim(s, "figure "+f.Name, part.Files(f.Name)...); err != nil {
				return err
			}
			if err := part.Check(); err != nil {
				return misuse("%s: figure %s: %w", s.Origin, f.Name, err)
			}
		}
	}
	return nil
}

// blank returns a drawing of black images.
func blank(j job) *drawing {
	h, pixels := newHistory(j), j.denoiser.shape.Len()
	images := min(h.images, batch, j.count())
	for _, k := range h.steps {
		state := walk.State{K: k, X: make([]float32, images*pixels)}
		if k > 0 {
			state.Denoised = make([]float32, min(images, denoisedImages)*pixels)
		}
		h.states = append(h.states, state)
	}
	return &drawing{samples: make([]float32, j.count()*pixels), history: h}
}

// blankScores returns the scores that a walk will have, with the value 1.
func blankScores(s study, j job, samples []float32) (scores []result.Score, err error) {
	if j.problem != nil {
		posteriors := j.problem.posteriors(samples)
		for i := range posteriors {
			if s.estimatesLinearly([]job{j}) {
				posteriors[i].Linear = samples[:j.denoiser.shape.Len()]
			}
		}
		if scores, err = metric.MeasurePosteriors(posteriors, blankPrior(s, j), 1); err != nil {
			return nil, err
		}
	} else if s.Metrics != nil {
		for _, m := range metric.All() {
			if !m.Posterior {
				scores = append(scores, result.Score{Key: m.Key, Name: m.Name, Best: m.Best})
			}
		}
	}
	for i := range scores {
		scores[i].Value = 1
	}
	return scores, nil
}

// blankPrior returns two images that differ both where A sees and where it does not; nil without training images.
func blankPrior(s study, j job) []float32 {
	if s.Data.Path == "" {
		return nil
	}
	pixels := j.denoiser.shape.Len()
	images := make([]float32, 2*pixels)
	for i := range pixels {
		images[i] = float32(i+1) / float32(pixels)
	}
	return images
}

// rehearsePictures draws the pictures of one walk.
func rehearsePictures(e exhibit, trajectory bool) error {
	if _, err := e.picture(); err != nil || !trajectory {
		return err
	}
	if _, err := e.strip(); err != nil {
		return err
	}
	_, err := figure.Film(e.film())
	return err
}
