package inverse

import (
	"cmp"
	"slices"
)

// A table is a sparse matrix that maps a line of numbers, dst_i = sum_j weight_ij src_j. The weights of each row i
// sum to one (those of a transpose need not).
type table struct {
	in   int     // number of j
	rows [][]tap // by i
}

// A tap is an entry of a row that is not zero.
type tap struct {
	at     int32 // j
	weight float32
}

// newTable returns the table whose row i has the weights that addRow adds for it, scaled to sum to one. Weights added
// to the same j, as by reflection at a border, add up.
func newTable(in, out int, addRow func(i int, add func(j int, weight float64))) table {
	t := table{in, make([][]tap, out)}
	type entry struct {
		at     int
		weight float64
	}
	var entries []entry
	for i := range out {
		entries = entries[:0]
		sum := 0.0
		addRow(i, func(j int, weight float64) {
			if weight != 0 {
				entries = append(entries, entry{j, weight})
				sum += weight
			}
		})
		slices.SortStableFunc(entries, func(a, b entry) int { return cmp.Compare(a.at, b.at) })
		row := make([]tap, 0, len(entries))
		for k := 0; k < len(entries); {
			at, weight := entries[k].at, 0.0
			for ; k < len(entries) && entries[k].at == at; k++ {
				weight += entries[k].weight
			}
			row = append(row, tap{int32(at), float32(weight / sum)})
		}
		t.rows[i] = row
	}
	return t
}

// transpose returns the table with i and j exchanged.
func (t table) transpose() table {
	u := table{len(t.rows), make([][]tap, t.in)}
	for i, row := range t.rows {
		for _, p := range row {
			u.rows[p.at] = append(u.rows[p.at], tap{int32(i), p.weight})
		}
	}
	return u
}

// A stage applies a table to every line along one axis of an array. before and after are the products of the sizes of
// the axes before and after that one.
type stage struct {
	table
	before, after int
}

// len returns the number of values of the result.
func (s stage) len() int { return s.before * len(s.rows) * s.after }

func (s stage) transpose() stage { return stage{s.table.transpose(), s.before, s.after} }

func (s stage) apply(dst, src []float32) {
	for b := range s.before {
		src, dst := src[b*s.in*s.after:], dst[b*len(s.rows)*s.after:]
		for i, row := range s.rows {
			d := dst[i*s.after:][:s.after]
			clear(d)
			for _, p := range row {
				for k, v := range src[int(p.at)*s.after:][:s.after] {
					d[k] += p.weight * v
				}
			}
		}
	}
}
