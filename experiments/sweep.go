package experiments

import (
	"maps"

	"tweedie/experiments/strict"
	"tweedie/experiments/sweep"
)

// A Combination is a walk that is run: one of Walks or, in a sweep, one of them with one value of each axis.
type Combination struct {
	Walk        // its Name differs from that of every other combination
	Base string // name of its table [[walk]]
	At   []int  // index of its value on each of Axes; empty without a sweep
}

// Axes returns the settings that the experiment sweeps, in the order of the file.
func (e *Experiment) Axes() []sweep.Axis { return e.sweep }

// Combinations returns the walks to run: Walks themselves or, in a sweep, each of them with every combination of the
// axes' values, with the last axis changing fastest. A sweep is expanded when the file is read. Later changes of Walks
// count only if they remove a walk or set its Samples.
func (e *Experiment) Combinations() []Combination {
	var all []Combination
	for _, w := range e.Walks {
		if len(e.sweep) == 0 {
			all = append(all, Combination{Walk: w, Base: w.Name})
		}
		for _, v := range e.variants {
			if v.Base == w.Name {
				c := Combination{Walk: v.Table, Base: v.Base, At: v.At}
				c.Name, c.Samples = v.Name, w.Samples
				all = append(all, c)
			}
		}
	}
	return all
}

var swept = sweep.Tables{
	Key: "walk",
	Fixed: map[string]string{
		"name":    "the walks of a sweep are named by their values",
		"samples": "scores of different numbers of samples cannot be compared",
	},
	Paths: []string{"checkpoint"},
}

// sweeps is the field of the table [sweep]. It is expanded only if the rest of the file has no mistake so far.
func (e *Experiment) sweeps() strict.Field {
	read := func(p strict.Place, value any) {
		e.sweep = sweep.Read(p, value, swept)
		if p.Mistakes() > 0 || len(e.sweep) == 0 {
			return
		}
		e.decoded = map[string]map[string]any{}
		for i, w := range e.Walks {
			decoded := maps.Clone(p.Sibling("walk").([]map[string]any)[i])
			delete(decoded, "samples") // Encode takes them from Walks
			e.decoded[w.Name] = decoded
		}
		e.variants = sweep.Expand(p, e.sweep, swept, e.readWalk)
	}
	return strict.Custom("sweep", read, func() any {
		if len(e.sweep) == 0 {
			return nil
		}
		return e.sweep
	})
}

// readWalk reads a walk of a sweep.
func (e *Experiment) readWalk(values map[string]any) (w Walk, wrong []strict.Complaint) {
	if wrong = strict.Fill(values, &w); len(wrong) == 0 {
		e.checkMeasurement(w, func(key, message string) {
			wrong = append(wrong, strict.Complaint{Key: key, Message: message})
		})
	}
	return w, wrong
}
