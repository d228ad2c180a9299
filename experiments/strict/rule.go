package strict

import (
	"fmt"
	"slices"
	"strings"
)

// A Rule is a limit to the values of a key.
type Rule[T any] struct {
	Limit string         // the limit, to be read after the type: "at least 1"
	Wrong func(T) string // what is wrong with a value, to be read after it: "must be at least 1"; "" if it is right
}

// MustBe is the rule that a value is what the text says.
func MustBe[T any](text string, is func(T) bool) Rule[T] {
	return Rule[T]{text, func(v T) string {
		if !is(v) {
			return "must be " + text
		}
		return ""
	}}
}

// AtLeast includes the limit.
func AtLeast[T int | float64](low T) Rule[T] {
	return MustBe(fmt.Sprintf("at least %v", low), func(x T) bool { return x >= low })
}

// AtMost includes the limit.
func AtMost[T int | float64](high T) Rule[T] {
	return MustBe(fmt.Sprintf("at most %v", high), func(x T) bool { return x <= high })
}

// Rules that take no argument.
var (
	Positive = MustBe("positive", func(x float64) bool { return x > 0 })
	Fraction = MustBe("at least 0 and below 1", func(x float64) bool { return x >= 0 && x < 1 })
	Even     = MustBe("even", func(n int) bool { return n%2 == 0 })
	NotEmpty = Rule[string]{"not empty", func(s string) string {
		if s == "" {
			return "must not be empty"
		}
		return ""
	}}
	// FileName is for names that become part of a file's name on any system.
	FileName = MustBe("letters a-z, digits, -, _ and ., since files are named by it", isFileName)
)

func isFileName(s string) bool {
	forbidden := func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("-_.", r))
	}
	return s != "" && s[0] != '.' && !strings.ContainsFunc(s, forbidden)
}

// OneOf is the rule that a value is one of the names.
func OneOf(names ...string) Rule[string] {
	return Rule[string]{quotedOr(names), func(name string) string {
		if slices.Contains(names, name) {
			return ""
		}
		return "is unknown; " + Hint(name, names)
	}}
}

// Each is the rule that a list has items, and that each of them obeys a rule.
func Each[T any](rule Rule[T]) Rule[[]T] {
	rest := EachOrNone(rule)
	return Rule[[]T]{"not empty, " + rest.Limit, func(list []T) string {
		if len(list) == 0 {
			return "must not be empty"
		}
		return rest.Wrong(list)
	}}
}

// EachOrNone is Each for a list that may be empty.
func EachOrNone[T any](rule Rule[T]) Rule[[]T] {
	return Rule[[]T]{"each " + rule.Limit, func(list []T) string {
		for _, v := range list {
			if wrong := rule.Wrong(v); wrong != "" {
				return fmt.Sprintf("is wrong at %v, which %s", v, wrong)
			}
		}
		return ""
	}}
}

// Both is EachOrNone for a pair of numbers.
func Both(rule Rule[float64]) Rule[[2]float64] {
	each := EachOrNone(rule)
	return Rule[[2]float64]{each.Limit, func(pair [2]float64) string { return each.Wrong(pair[:]) }}
}
