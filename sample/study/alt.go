package study

import (
	"fmt"

	"tweedie/sample/figure/kind"
	"tweedie/sample/walk"
)

// pictureAlt says in words what the picture of a walk's samples shows. motif is what the images show.
func pictureAlt(j job, motif string) string {
	of := fmt.Sprintf("walk %s, %s", j.Name, kind.Counted(len(j.walk.Sigma), "step"))
	if p := j.problem; p != nil {
		return fmt.Sprintf("Sheet of posteriors of %s: %s in rows, each with its measurement, %s, their mean and "+
			"standard deviation, and the truth%s.", of, kind.Counted(p.n, "image"), kind.Counted(p.samples, "sample"),
			ending(motif))
	}
	return fmt.Sprintf("Grid of %s of %s%s.", kind.Counted(j.count(), "sample"), of, ending(motif))
}

// stateAlt says in words what the picture of a state shows.
func stateAlt(j job, state walk.State, motif string) string {
	n := kind.Counted(len(state.X)/j.denoiser.shape.Len(), "sample")
	if state.K == 0 {
		return fmt.Sprintf("Walk %s at its start: %s of pure noise.", j.Name, n)
	}
	return fmt.Sprintf("Walk %s after step %d of %d, σ = %.3g: %s%s.", j.Name, state.K, len(j.walk.Sigma), state.Sigma,
		n, ending(motif))
}

// ending adds a motif to a sentence, if it is known.
func ending(motif string) string {
	if motif == "" {
		return ""
	}
	return ", " + motif
}
