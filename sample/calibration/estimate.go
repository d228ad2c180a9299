package calibration

import (
	"encoding/json"
	"math"
	"slices"
)

// An Estimate is a number that was estimated from random draws, with its standard error.
type Estimate struct{ Value, Error float64 }

// MarshalJSON writes what is not a number as null.
func (e Estimate) MarshalJSON() ([]byte, error) {
	number := func(v float64) *float64 {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil
		}
		return &v
	}
	return json.Marshal(map[string]*float64{"value": number(e.Value), "error": number(e.Error)})
}

// UnmarshalJSON reads null as NaN.
func (e *Estimate) UnmarshalJSON(text []byte) error {
	numbers := map[string]*float64{}
	err := json.Unmarshal(text, &numbers)
	*e = Estimate{math.NaN(), math.NaN()}
	if v := numbers["value"]; v != nil {
		e.Value = *v
	}
	if v := numbers["error"]; v != nil {
		e.Error = *v
	}
	return err
}

// sigmas returns how many standard errors the estimate is above expected.
func (e Estimate) sigmas(expected float64) float64 {
	if e.Value == expected {
		return 0
	}
	return (e.Value - expected) / e.Error
}

// mean returns the mean of independent values.
func mean(values []float64) Estimate {
	return ratio(values, slices.Repeat([]float64{1}, len(values)))
}

// ratio returns the sum of independent a_i over the sum of their b_i. Its error is that of a linearization:
// (sum_i (a_i - r b_i)^2 n/(n-1))^1/2/sum_i b_i.
func ratio(a, b []float64) Estimate {
	var above, below, squares float64
	for i := range a {
		above, below = above+a[i], below+b[i]
	}
	r := above / below
	for i := range a {
		e := a[i] - r*b[i]
		squares += e * e
	}
	n := float64(len(a))
	return Estimate{r, math.Sqrt(squares*n/(n-1)) / below}
}

// share returns the share of k cases in n. Its error is that of 2 cases more of each kind (Agresti and Coull 1998), so
// it is not 0 if all cases are alike.
func share(k, n int) Estimate {
	p := float64(k+2) / float64(n+4)
	return Estimate{float64(k) / float64(n), math.Sqrt(p * (1 - p) / float64(n+4))}
}

// upperTail returns P(Z > z) for Z ~ N(0, 1).
func upperTail(z float64) float64 { return math.Erfc(z/math.Sqrt2) / 2 }

// uniformity returns the Kolmogorov-Smirnov statistic of values against the uniform distribution on [0, 1], the
// greatest difference of the distribution functions, and the probability of one as great by chance (Stephens' 1970
// correction of the asymptotic law, good from about 5 values on).
func uniformity(values []float64) (statistic, p float64) {
	sorted := slices.Sorted(slices.Values(values))
	n := float64(len(sorted))
	for i, v := range sorted {
		statistic = max(statistic, float64(i+1)/n-v, v-float64(i)/n)
	}
	t := (math.Sqrt(n) + 0.12 + 0.11/math.Sqrt(n)) * statistic
	if t < 0.2 {
		return statistic, 1
	}
	sign := 2.0
	for j := 1.0; j <= 100; j++ {
		p += sign * math.Exp(-2*j*j*t*t)
		sign = -sign
	}
	return statistic, min(1, max(0, p))
}
