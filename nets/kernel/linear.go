package kernel

// Linear is the geometry of a linear map of Rows rows from In to Out values: a 1x1 convolution where a row is a pixel.
// Weights are PyTorch's (Out, In).
type Linear struct{ Rows, In, Out int }

// PackForward packs weights for Forward; dst has PanelSize(In, Out) values.
func (l Linear) PackForward(dst, w []float32) { PackColumns(dst, w, l.In, l.Out, l.In) }

// PackBackward packs weights for BackwardInput; dst has PanelSize(Out, In) values.
func (l Linear) PackBackward(dst, w []float32) { PackRows(dst, w, l.Out, l.In, l.In) }

// Forward writes y = x w^T + bias + residual; bias and residual may be nil.
func (l Linear) Forward(y, x, packed, bias, residual []float32) {
	ParallelProduct(y, l.Out, x, l.In, l.Rows, l.In, l.Out, packed, bias, residual)
}

// BackwardInput writes the gradient dx = g w.
func (l Linear) BackwardInput(dx, g, packed []float32) {
	ParallelProduct(dx, l.In, g, l.Out, l.Rows, l.Out, l.In, packed, nil, nil)
}

// linearUnit is how many rows make a unit of the sum over all rows.
const linearUnit = 256

func (l Linear) units() int { return (l.Rows + linearUnit - 1) / linearUnit }

// PartsSize is the length of the memory that BackwardWeights works in.
func (l Linear) PartsSize() int {
	return min(partialSums, l.units()) * l.In * panels(l.Out) * tileColumns
}

// BackwardWeights writes the gradient dw = g^T x, (Out, In). parts has PartsSize values.
func (l Linear) BackwardWeights(dw, x, g, parts []float32) {
	columns := panels(l.Out) * tileColumns
	sumParts(parts, min(partialSums, l.units()), l.units(), l.In*columns, 1, func(s *Scratch, part []float32, unit, _ int) {
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
