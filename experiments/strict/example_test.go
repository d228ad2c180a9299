package strict_test

import (
	"fmt"

	"tweedie/experiments/strict"
)

// Schedule is a table with the noise levels of a walk.
type Schedule struct {
	Steps int
	Max   float64
}

func (s *Schedule) Fields() []strict.Field {
	return []strict.Field{
		strict.Required("steps", &s.Steps, strict.AtLeast(2)).Doc("number of levels"),
		strict.Optional("max", &s.Max, 80, strict.Positive).Doc("first level, in units of images in [-1, 1]"),
	}
}

func Example() {
	var s Schedule
	fmt.Println(strict.Read("right.toml", "steps = 100", &s), s)
	fmt.Print(string(strict.Encode(&s)))

	fmt.Println(strict.Read("wrong.toml", "steps = 1\nmxa = 50.0", &s))

	reference, _ := strict.Reference(&s)
	fmt.Print(reference)
	// Output:
	// <nil> {100 80}
	// steps = 100
	// max = 80.0
	// wrong.toml:1: steps: 1 must be at least 2
	// wrong.toml:2: mxa: unknown key; did you mean "max"?
	//
	// | key | type | default | meaning |
	// |---|---|---|---|
	// | `steps` | integer, at least 2 | required | number of levels |
	// | `max` | number, positive | `80.0` | first level, in units of images in [-1, 1] |
}
