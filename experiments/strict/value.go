package strict

import (
	"fmt"
	"math"
	"strings"
)

// Convert stores a value that the TOML library decoded in the variable that to points to. It returns false if their
// types do not agree. An integer is also a number; a number must be finite.
func Convert(value, to any) (ok bool) {
	switch to := to.(type) {
	case *string:
		*to, ok = value.(string)
	case *bool:
		*to, ok = value.(bool)
	case *int:
		var i int64
		i, ok = value.(int64)
		*to = int(i)
	case *uint64:
		var i int64
		i, ok = value.(int64)
		*to, ok = uint64(i), ok && i >= 0
	case *float64:
		switch value := value.(type) {
		case int64:
			*to, ok = float64(value), true
		case float64:
			*to, ok = value, !math.IsNaN(value) && !math.IsInf(value, 0)
		}
	case *[]string:
		*to, ok = convertList[string](value)
	case *[]int:
		*to, ok = convertList[int](value)
	case *[]float64:
		*to, ok = convertList[float64](value)
	case *[2]float64:
		var list []float64
		if list, ok = convertList[float64](value); len(list) != len(to) {
			return false
		}
		*to = [2]float64(list)
	default:
		panic(fmt.Sprintf("strict: no conversion to %T", to))
	}
	return ok
}

func convertList[T any](value any) ([]T, bool) {
	values, ok := value.([]any)
	list := make([]T, len(values))
	for i, v := range values {
		ok = ok && Convert(v, &list[i])
	}
	return list, ok
}

// typeOf says what a variable of the type of v can hold. A type with UnmarshalTOML has no name here.
func typeOf(v any) string {
	switch v.(type) {
	case string:
		return "a string"
	case bool:
		return "true or false"
	case int:
		return "an integer"
	case uint64:
		return "an integer from 0 on"
	case float64:
		return "a finite number"
	case []string:
		return "a list of strings"
	case []int:
		return "a list of integers"
	case []float64:
		return "a list of finite numbers"
	case [2]float64:
		return "a list of two finite numbers"
	}
	return "a value"
}

// shown writes a decoded value for errors. A table's contents are left out.
func shown(value any) string {
	switch value := value.(type) {
	case string:
		return fmt.Sprintf("%q", value)
	case []any:
		items := make([]string, len(value))
		for i, v := range value {
			items[i] = shown(v)
		}
		return "[" + strings.Join(items, ", ") + "]"
	case map[string]any, []map[string]any:
		return "a table"
	}
	return fmt.Sprint(value)
}
