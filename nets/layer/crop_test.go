package layer

import (
	"errors"
	"slices"
	"testing"
)

// padded returns the row 0, 1, ... size-1 extended to length, and the same of a column.
func padded(t *testing.T, size, length int) (row, column []float32) {
	g := NewGraph(NewParameters(), false)
	x := g.Input("x", 1, size, size, 2) // of pixel (i, j): i, j
	for i := range size * size {
		x.Values()[2*i], x.Values()[2*i+1] = float32(i/size), float32(i%size)
	}
	y := g.ReflectPad(x, length, length)
	g.Keep(y)
	if err := errors.Join(g.Compile(), g.Run()); err != nil {
		t.Fatal(err)
	}
	for i := range length {
		column = append(column, y.Values()[2*i*length])
		row = append(row, y.Values()[2*i+1])
	}
	return row, column
}

func TestReflectPad(t *testing.T) {
	for _, tt := range []struct {
		name string
		size int
		want []float32
	}{
		{"one pixel has nothing to reflect", 1, []float32{0, 0, 0}},
		{"two pixels alternate", 2, []float32{0, 1, 0, 1, 0}},
		{"the border is not repeated", 5, []float32{0, 1, 2, 3, 4, 3, 2, 1}},
		{"beyond the image's own size", 3, []float32{0, 1, 2, 1, 0, 1, 2, 1, 0}},
		{"nothing to pad", 4, []float32{0, 1, 2, 3}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			row, column := padded(t, tt.size, len(tt.want))
			if !slices.Equal(row, tt.want) || !slices.Equal(column, tt.want) {
				t.Errorf("row %v, column %v, want %v", row, column, tt.want)
			}
		})
	}
}
