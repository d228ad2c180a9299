package result

// A Table is a table of numbers or short texts, as they are shown.
type Table struct {
	Title   string     `json:"title"`
	Caption string     `json:"caption"`
	Columns []string   `json:"columns"` // headings
	Rows    [][]string `json:"rows"`    // each with a cell for every column; the first names the row
}
