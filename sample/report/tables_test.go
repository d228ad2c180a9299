package report

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tweedie/sample/result"
)

// TestTables: an experiment may have tables of its own, and no walks.
func TestTables(t *testing.T) {
	folder := t.TempDir()
	err := result.Save(folder, &result.Experiment{Name: "numbers", Title: "Numbers", Tables: []result.Table{{
		Title: "Errors " + nasty, Caption: "Of " + nasty,
		Columns: []string{"sigma", "error"}, Rows: [][]string{{"0.5", nasty}},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, "report.html")
	if err := Write(path, Page{Title: "Trial", Folders: []string{folder}}); err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{
		`<th scope="row">0.5</th>`, `<th class="number">error</th>`, "<h3>Errors &lt;script&gt;",
	} {
		if !strings.Contains(string(page), part) {
			t.Errorf("the page lacks %q", part)
		}
	}
	for _, part := range []string{"<script>alert", "<h3>Walks</h3>"} {
		if strings.Contains(string(page), part) {
			t.Errorf("the page has %q", part)
		}
	}
}
