package kernel

import "fmt"

// Linear is the shape of a linear map of Rows rows from In to Out values. It is also a 1x1 convolution whose pixels
// are the rows. Weights are PyTorch's (Out, In).
type Linear struct{ Rows, In, Out int }

// check panics unless the kernel can work on this shape.
func (l Linear) check(kernel string) {
	if min(l.Rows, l.In, l.Out) < 1 {
		panic(fmt.Sprintf("kernel: %s: shape %+v, want positive dimensions", kernel, l))
	}
}

// PackForward packs the weights w for Forward. dst has PanelSize(In, Out) values.
func (l Linear) PackForward(dst, w []float32) {
	l.check("Linear.PackForward")
	checkLength("Linear.PackForward", "dst", len(dst), PanelSize(l.In, l.Out))
	checkLength("Linear.PackForward", "w", len(w), l.Out*l.In)
	packColumns(dst, w, l.In, l.Out, l.In)
}

// PackBackward packs the weights w for BackwardInput. dst has PanelSize(Out, In) values.
func (l Linear) PackBackward(dst, w []float32) {
	l.check("Linear.PackBackward")
	checkLength("Linear.PackBackward", "dst", len(dst), PanelSize(l.Out, l.In))
	checkLength("Linear.PackBackward", "w", len(w), l.Out*l.In)
	packRows(dst, w, l.Out, l.In, l.In)
}

// Forward writes y = x w^T + bias + residual (Rows, Out). bias (Out) and residual, which has the shape of y, may be
// nil.
func (l Linear) Forward(y, x, packed, bias, residual []float32) {
	l.check("Linear.Forward")
	checkLength("Linear.Forward", "y", len(y), l.Rows*l.Out)
	checkLength("Linear.Forward", "x", len(x), l.Rows*l.In)
	checkLength("Linear.Forward", "packed", len(packed), PanelSize(l.In, l.Out))
	checkOptional("Linear.Forward", "bias", bias, l.Out)
	checkOptional("Linear.Forward", "residual", residual, l.Rows*l.Out)
	parallelProduct(y, l.Out, x, l.In, l.Rows, l.In, l.Out, packed, bias, residual)
}

// BackwardInput writes the gradient with respect to x, dx = g w, where g is the gradient with respect to the result.
func (l Linear) BackwardInput(dx, g, packed []float32) {
	l.check("Linear.BackwardInput")
	checkLength("Linear.BackwardInput", "dx", len(dx), l.Rows*l.In)
	checkLength("Linear.BackwardInput", "g", len(g), l.Rows*l.Out)
	checkLength("Linear.BackwardInput", "packed", len(packed), PanelSize(l.Out, l.In))
	parallelProduct(dx, l.In, g, l.Out, l.Rows, l.Out, l.In, packed, nil, nil)
}

// linearUnit is how many rows make a unit of the sum over all rows.
const linearUnit = 256

// units is how many units the sum over all rows has.
func (l Linear) units() int { return (l.Rows + linearUnit - 1) / linearUnit }

// PartsSize is the length of the working memory of BackwardWeights.
func (l Linear) PartsSize() int {
	return min(partialSums, l.units()) * l.In * panels(l.Out) * tileColumns
}

// BackwardWeights writes the gradient with respect to the weights, dw = g^T x (Out, In), where g is the gradient with
// respect to the result. parts is working memory of PartsSize values or more.
func (l Linear) BackwardWeights(dw, x, g, parts []float32) {
	l.check("Linear.BackwardWeights")
	checkLength("Linear.BackwardWeights", "dw", len(dw), l.Out*l.In)
	checkLength("Linear.BackwardWeights", "x", len(x), l.Rows*l.In)
	checkLength("Linear.BackwardWeights", "g", len(g), l.Rows*l.Out)
	checkRoom("Linear.BackwardWeights", "parts", len(parts), l.PartsSize())
	columns := panels(l.Out) * tileColumns
	units := l.units()
	sumParts(parts, min(partialSums, units), units, l.In*columns, 1, func(s *Scratch, part []float32, unit, _ int) {
		for first := unit * linearUnit; first < min((unit+1)*linearUnit, l.Rows); first += stripPixels {
			s.used = 0
			rows := min(stripPixels, l.Rows-first, (unit+1)*linearUnit-first)
			a := s.Floats(rows*l.In + slack)
			copy(a, x[first*l.In:][:rows*l.In])
			gs := g[first*l.Out:][:rows*l.Out]
			if columns != l.Out {
				gs = widen(s.Floats(rows*columns), gs, l.Out, columns)
			}
			outerSum{rows: 1, width: rows, aStep: l.In, gStep: columns}.add(part, l.In, columns, a, gs)
		}
	})
	for co := range l.Out {
		for i := range l.In {
			dw[co*l.In+i] = parts[i*columns+co]
		}
	}
}
