package report

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// browser returns the path of an installed Chromium. Without one it skips the test.
func browser(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("no Chromium to open the page in")
	return ""
}

// opened returns the page as it is in a browser when its script and another one have run. hash is the end of the
// address. What the other script puts in the variable found is in the attribute data-found.
func opened(t *testing.T, hash, script string, flags ...string) string {
	t.Helper()
	program := browser(t)
	path, page := written(t)
	script = `<script>addEventListener("load", () => setTimeout(() => { const found = [];` + script + `
		document.documentElement.setAttribute("data-found", found.join("|")); }));</script></body>`
	page = strings.Replace(page, "</body>", script, 1)
	if err := os.WriteFile(path, []byte(page), 0o666); err != nil {
		t.Fatal(err)
	}
	flags = append(flags, "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=5000",
		"--user-data-dir="+filepath.Join(t.TempDir(), "profile"), "--dump-dom", "file://"+path+hash)
	var stderr bytes.Buffer
	call := exec.CommandContext(t.Context(), program, flags...)
	call.Stderr = &stderr
	out, err := call.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	dom := string(out)
	if found := regexp.MustCompile(`data-error="[^"]*"`).FindString(dom); found != "" {
		t.Fatalf("the script failed: %s", found)
	}
	return dom
}

// found returns what the script of opened found.
func found(page string) []string {
	return strings.Split(attribute(tags(page, "html")[0], "data-found"), "|")
}

// TestInABrowser checks in a browser that the page's script runs without an error, opens the walk that the address
// names, repaints the cells when another score is chosen, and sorts the walks by a score, blanks last in both orders.
func TestInABrowser(t *testing.T) {
	page := opened(t, "#sweep-5", `
		const select = document.querySelector(".sweep select");
		const cell = document.querySelector(".cells a[title=walk-2-1]");
		for (const score of [0, 1]) {
			select.value = score;
			select.onchange();
			found.push(cell.style.background);
		}
		found.push([...document.querySelectorAll(".legend")].filter((l) => !l.hidden).map((l) => l.textContent));
		found.push(document.querySelector(".cells a[title=walk-1-0]").textContent);
		const table = document.querySelectorAll("table.sortable")[1];
		const heading = [...table.tHead.rows[0].cells].find((h) => h.textContent === "recall");
		for (let i = 0; i < 2; i++) {
			heading.click();
			found.push([...table.tBodies[0].rows].map((row) => row.cells[0].textContent).join(" "));
		}`)
	for _, part := range []string{`data-ready=""`, `data-chosen="sweep-5"`, `class="chosen"`,
		`<details class="walk" open="">`, "step 50, σ = 0.333</output>", `alt="walk-2-1 after 2"`} {
		if !strings.Contains(page, part) {
			t.Errorf("the page in the browser lacks %q", part)
		}
	}
	got := found(page)
	if got[0] == got[1] || !strings.HasPrefix(got[2], "distance worst 0.21") || got[3] != "" {
		t.Errorf("the best recall is %s, the worst distance %s; the scale is %q, and a blank cell says %q",
			got[0], got[1], got[2], got[3])
	}
	for i, want := range []string{"walk-0-0 walk-0-1 walk-1-1 walk-2-0 walk-2-1 walk-1-0",
		"walk-2-1 walk-2-0 walk-1-1 walk-0-1 walk-0-0 walk-1-0"} {
		if got[4+i] != want {
			t.Errorf("sorted, the walks are %s, want %s", got[4+i], want)
		}
	}
}

// TestFullSizeAndStill opens a picture in full size, by its link alone, and asks what a film shows to a reader who
// wants no motion.
func TestFullSizeAndStill(t *testing.T) {
	page := opened(t, "#figure1-0-samples-full", `
		const [shown, other] = document.querySelectorAll("#figure1-0-samples img, #figure1-1-samples img");
		for (const img of [shown, other]) {
			found.push(getComputedStyle(img.parentElement).position, img.getBoundingClientRect().width);
		}
		found.push(document.querySelector("picture img").currentSrc.slice(0, 14));`, "--force-prefers-reduced-motion")
	if got, want := strings.Join(found(page), " "), "fixed 700 static 4 data:image/png"; got != want {
		t.Errorf("the pictures and the film are %s, want %s", got, want)
	}
}
