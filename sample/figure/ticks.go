package figure

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
)

// number writes a value with the given number of significant digits, as "0.250", "−3.00" or "2.00×10⁻⁵". NaN is a dash.
func number(v float64, digits int) string {
	switch {
	case math.IsNaN(v):
		return "–"
	case math.IsInf(v, 1):
		return "∞"
	case math.IsInf(v, -1):
		return "−∞"
	case v == 0:
		return "0"
	}
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(v, 'e', digits-1, 64), "e")
	power, _ := strconv.Atoi(exponent) // FormatFloat writes a valid exponent
	if power < -3 || power > 4 {
		return strings.Replace(mantissa, "-", "−", 1) + "×" + powerOfTen(power)
	}
	return strings.Replace(strconv.FormatFloat(v, 'f', max(0, digits-1-power), 64), "-", "−", 1)
}

func powerOfTen(power int) string { return "10" + superscript.Replace(strconv.Itoa(power)) }

var superscript = strings.NewReplacer(pairs("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")...)

// tick returns a tick whose label has no trailing zeros.
func tick(v float64) plot.Tick {
	digits, power, _ := strings.Cut(number(v, 6), "×")
	if strings.Contains(digits, ".") {
		digits = strings.TrimRight(strings.TrimRight(digits, "0"), ".")
	}
	if power != "" {
		power = "×" + power
	}
	return plot.Tick{Value: v, Label: digits + power}
}

// linearTicks places at most the given number of ticks, at multiples of 1, 2 or 5 times a power of ten.
type linearTicks struct{ most int }

func (l linearTicks) Ticks(low, high float64) (ticks []plot.Tick) {
	unit := math.Pow(10, math.Floor(math.Log10((high-low)/float64(l.most))))
	for _, m := range []float64{1, 2, 5, 10, 20} {
		step := m * unit
		first, last := math.Ceil(low/step), math.Floor(high/step)
		if int(last-first)+1 > l.most {
			continue
		}
		for i := first; i <= last; i++ {
			ticks = append(ticks, tick(i*step))
		}
		break
	}
	return ticks
}

// logTicks places ticks at the decades and at the multiples between them, at most the given number of them with a
// number. If fewer than three decades are in sight, some multiples have a number too; if that is not enough, ticks are
// linear.
type logTicks struct{ most int }

func (l logTicks) Ticks(low, high float64) []plot.Tick {
	first, last := int(math.Ceil(math.Log10(low)-1e-9)), int(math.Floor(math.Log10(high)+1e-9)) // decades in sight
	every := 1 + max(0, last-first)/l.most
	short := first >= -3 && last <= 4 // no label needs a power of ten
	for _, numbered := range [][]int{{1}, {1, 3}, {1, 2, 5}} {
		var ticks []plot.Tick
		labels := 0
		for power := first - 1; power <= last; power++ {
			for m := 1; m < 10; m++ {
				v, _ := strconv.ParseFloat(strconv.Itoa(m)+"e"+strconv.Itoa(power), 64)
				if v < low*(1-1e-9) || v > high*(1+1e-9) || every > 1 && m > 1 {
					continue
				}
				t := plot.Tick{Value: v}
				if slices.Contains(numbered, m) && power%every == 0 {
					if t = tick(v); m == 1 && !short {
						t.Label = powerOfTen(power)
					}
					labels++
				}
				ticks = append(ticks, t)
			}
		}
		if labels >= 3 || every > 1 {
			return ticks
		}
	}
	return linearTicks(l).Ticks(low, high)
}
