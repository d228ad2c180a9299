package experiments

import (
	"fmt"
	"slices"
	"strings"
)

// A rule returns what a wrong value must be or why it is wrong, to be read after the
// value, and "" for a right one.
type rule[T any] func(T) string

func atLeast[T int | float64](low T) rule[T] {
	return func(x T) string {
		if x < low {
			return fmt.Sprintf("must be at least %v", low)
		}
		return ""
	}
}

func atMost[T int | float64](high T) rule[T] {
	return func(x T) string {
		if x > high {
			return fmt.Sprintf("must be at most %v", high)
		}
		return ""
	}
}

func positive(x float64) string {
	if x <= 0 {
		return "must be positive"
	}
	return ""
}

func fraction(x float64) string {
	if x < 0 || x >= 1 {
		return "must be at least 0 and below 1"
	}
	return ""
}

func betas(pair [2]float64) string {
	return each(fraction)(pair[:])
}

func even(n int) string {
	if n%2 != 0 {
		return "must be even"
	}
	return ""
}

func oneOrThree(channels int) string {
	if channels != 1 && channels != 3 {
		return "must be 1 (gray) or 3 (colour)"
	}
	return ""
}

func notEmpty(s string) string {
	if s == "" {
		return "must not be empty"
	}
	return ""
}

// fileName is the rule of names that become part of a file's name anywhere.
func fileName(s string) string {
	allowed := func(r rune) bool {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("-_.", r)
	}
	if s == "" || s[0] == '.' || strings.ContainsFunc(s, func(r rune) bool { return !allowed(r) }) {
		return "must be letters a-z, digits, -, _ and ., since files are named by it"
	}
	return ""
}

// each is the rule of a list that is not empty.
func each[T any](of rule[T]) rule[[]T] {
	return func(list []T) string {
		if len(list) == 0 {
			return "must not be empty"
		}
		return eachOrNone(of)(list)
	}
}

func eachOrNone[T any](of rule[T]) rule[[]T] {
	return func(list []T) string {
		for _, v := range list {
			if wrong := of(v); wrong != "" {
				return fmt.Sprintf("is wrong at %v, which %s", v, wrong)
			}
		}
		return ""
	}
}

// greater is the message of a max that is not above min.
func greater(max, min float64) string {
	return fmt.Sprintf("%v must be greater than min, which is %v", max, min)
}

// oneOf is the rule of a name out of a list.
func oneOf(names ...string) rule[string] {
	return func(name string) string {
		if slices.Contains(names, name) {
			return ""
		}
		return "is unknown; " + hint(name, names)
	}
}
