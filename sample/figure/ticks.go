package figure

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
)

// number writes a value in so many digits, without zeros at its end: "0.25", "−3", "2×10⁻⁵".
func number(v float64, digits int) string {
	switch {
	case math.IsNaN(v):
		return "–"
	case math.IsInf(v, 0):
		return strings.TrimPrefix(strings.ReplaceAll(strconv.FormatFloat(v, 'g', -1, 64), "Inf", "∞"), "+")
	}
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(v, 'e', digits-1, 64), "e")
	power, _ := strconv.Atoi(exponent) // FormatFloat's own
	if power >= -3 && power < 5 {
		rounded, _ := strconv.ParseFloat(mantissa+"e"+exponent, 64)
		return strings.Replace(strconv.FormatFloat(rounded, 'f', -1, 64), "-", "−", 1)
	}
	if strings.Contains(mantissa, ".") {
		mantissa = strings.TrimRight(strings.TrimRight(mantissa, "0"), ".")
	}
	times := strings.Replace(mantissa, "-", "−", 1) + "×"
	if times == "1×" {
		times = ""
	}
	return times + "10" + superscript.Replace(strconv.Itoa(power))
}

var superscript = strings.NewReplacer(pairs("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")...)

// linearTicks are gonum's, written as number does.
type linearTicks struct{}

func (linearTicks) Ticks(low, high float64) []plot.Tick {
	ticks := plot.DefaultTicks{}.Ticks(low, high)
	for i, t := range ticks {
		if t.Label != "" {
			ticks[i].Label = number(t.Value, 6)
		}
	}
	return ticks
}

// logTicks stand at the decades, at most seven of them with a number, and between two decades at the multiples. Where fewer than
// three decades are in sight, multiples have numbers too, and where that does not help, ticks are linear.
type logTicks struct{}

func (logTicks) Ticks(low, high float64) []plot.Tick {
	const most = 7
	first, last := int(math.Floor(math.Log10(low))), int(math.Ceil(math.Log10(high)))
	inside := func(v float64) bool { return v >= low*(1-1e-9) && v <= high*(1+1e-9) }
	for _, numbered := range [][]int{{1}, {1, 3}, {1, 2, 5}} {
		var ticks []plot.Tick
		decades, labels := 0, 0
		for power := first; power <= last; power++ {
			if inside(math.Pow10(power)) {
				decades++
			}
		}
		every := 1 + (decades-1)/most
		for power := first; power <= last; power++ {
			for m := 1; m < 10; m++ {
				v, _ := strconv.ParseFloat(strconv.Itoa(m)+"e"+strconv.Itoa(power), 64)
				if !inside(v) || every > 1 && m > 1 {
					continue
				}
				t := plot.Tick{Value: v}
				if slices.Contains(numbered, m) && power%every == 0 {
					t.Label = number(v, 6)
					labels++
				}
				ticks = append(ticks, t)
			}
		}
		if labels >= 3 {
			return ticks
		}
	}
	return linearTicks{}.Ticks(low, high)
}
