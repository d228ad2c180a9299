package report

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestEverythingIsWithin(t *testing.T) {
	_, page := written(t)
	for _, part := range []string{"<p>First.</p>", "<p>Second.</p>", "Another", "disagrees",
		"go run ./sample -experiment figure1", "v1.2.3", "title = &#39;whole file&#39;",
		"some/sigmoid.pt", strings.Repeat("ab", 32), "0.987 (9)", "step.epsilon", `href="#sweep-3"`, `id="sweep-3"`,
		"1.2", "data:image/png;base64,"} {
		if !strings.Contains(page, part) {
			t.Errorf("the page lacks %q", part)
		}
	}
	if strings.Contains(page, "<th>space</th>") {
		t.Error("a setting that is the same everywhere has a column")
	}
	if n := strings.Count(page, "<script>alert"); n > 0 {
		t.Errorf("%d texts of the input are not escaped", n)
	}
	if found := regexp.MustCompile(`(src|href)="?(https?:|//|file:)`).FindString(page); found != "" {
		t.Errorf("the page refers to another file: %s", found)
	}
}

// TestIntervals checks that a score has its confidence interval beside it, if that is known.
func TestIntervals(t *testing.T) {
	_, page := written(t)
	for _, part := range []string{
		`data-value="0.5">0.5 <small>[0.375, 0.75]</small></td>`, `data-value="0.5">0.5</td>`,
	} {
		if !strings.Contains(page, part) {
			t.Errorf("the page lacks %q", part)
		}
	}
}

// TestFindings checks that each verdict is marked, and that a finding's text is read as paragraphs and tables.
func TestFindings(t *testing.T) {
	_, page := written(t)
	for _, part := range []string{"2 agree, 1 disagrees, 1 undecided", `class="finding undecided"`,
		`<span class="badge">disagrees</span> Another`, "<p>First of it.</p>", `<th scope="col">distance</th>`,
		"<td>12.5</td>", "<p>Last of it.</p>"} {
		if !strings.Contains(page, part) {
			t.Errorf("the page lacks %q", part)
		}
	}
	for _, verdict := range []string{Agrees, Disagrees, Undecided} {
		if !strings.Contains(page, "."+verdict+" {") {
			t.Errorf("the verdict %q has no style", verdict)
		}
	}
}

func TestWhatIsMissing(t *testing.T) {
	all := folders(t)
	if err := os.Remove(filepath.Join(all[1], "walks", "walk-2-1-1.png")); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "report.html")
	for want, folder := range map[string]string{"walk-2-1-1.png": all[1], "results.json": t.TempDir()} {
		if err := Write(path, Page{Folders: []string{folder}}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want an error that names %s, got %v", want, err)
		}
		if _, err := os.Stat(path); err == nil {
			t.Error("there is a page nevertheless")
		}
	}
}
