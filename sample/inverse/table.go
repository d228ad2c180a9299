package inverse

import (
	"cmp"
	"slices"
)

// A table is a sparse linear map of a line of numbers, dst_i = sum_j weight_ij src_j. Each
// row is an average: its weights sum to one.
type table struct {
	in   int
	rows [][]tap // by i
}

type tap struct {
	at     int32 // j
	weight float32
}

// newTable returns the table whose row i has the weights that line adds, scaled to sum to
// one. Weights added to the same j twice, as by reflection at a border, add up.
func newTable(in, out int, line func(i int, add func(j int, weight float64))) table {
	t := table{in, make([][]tap, out)}
	type entry struct {
		at     int
		weight float64
	}
	var entries []entry
	for i := range out {
		entries = entries[:0]
		sum := 0.0
		line(i, func(j int, weight float64) {
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

// transpose returns the table of the same weights with i and j exchanged.
func (t table) transpose() table {
	u := table{len(t.rows), make([][]tap, t.in)}
	for i, row := range t.rows {
		for _, p := range row {
			u.rows[p.at] = append(u.rows[p.at], tap{int32(i), p.weight})
		}
	}
	return u
}

// A stage applies a table to every line along one axis of an array, which has so many
// indices before that axis and so many after it.
type stage struct {
	table
	before, after int
}

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
