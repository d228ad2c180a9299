package runs

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"tweedie/nets/checkpoint"
)

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o777), os.WriteFile(path, []byte(content), 0o666)); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestCreateTogether starts many runs of one name at once: each has a folder of its own.
func TestCreateTogether(t *testing.T) {
	t.Chdir(t.TempDir())
	const n = 8
	folders := make([]Folder, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			r, err := Create("glyphs", []byte("seed = 1"))
			if err != nil {
				t.Error(err)
				return
			}
			folders[i] = r.Folder
			t.Cleanup(func() { r.Close() })
		})
	}
	all.Wait()
	seen := map[Folder]bool{}
	for _, f := range folders {
		if seen[f] || read(t, f.Experiment()) != "seed = 1" {
			t.Errorf("folders %v: %s is not of one run", folders, f)
		}
		seen[f] = true
	}
	if !seen["runs/glyphs"] || !seen["runs/glyphs-8"] {
		t.Errorf("folders %v, want runs/glyphs to runs/glyphs-8", folders)
	}
}

func TestVacant(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "other/experiment.toml", "seed = 2")
	write(t, "same/experiment.toml", "seed = 1") // killed before its first checkpoint
	write(t, "same/metrics.csv", "step\n10\n")
	write(t, "metrics/metrics.csv", "mine")
	write(t, checkpoint.File("used/checkpoints", 3), "")
	write(t, "photos/1.png", "")
	for folder, want := range map[Folder]string{
		"other": "other: holds another experiment.toml", "same": "", "metrics": "holds a metrics.csv",
		"used": "-resume used", "photos": "", "new/deep": "",
	} {
		r, err := CreateAt(folder, []byte("seed = 1"))
		if want == "" {
			if err != nil {
				t.Error(err)
			} else if r.Close(); read(t, folder.Experiment()) != "seed = 1" {
				t.Errorf("%s has another experiment.toml", folder)
			}
		} else if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %q", folder, err, want)
		}
	}
	if read(t, "other/experiment.toml") != "seed = 2" || read(t, "metrics/metrics.csv") != "mine" {
		t.Error("a refused folder changed")
	}
}

// TestLock has a folder taken by this process and by one that is killed.
func TestLock(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, checkpoint.File("a/checkpoints", 3), "")
	r, err := Open("a")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open("a"); !errors.Is(err, ErrInUse) || !strings.HasPrefix(err.Error(), "a: ") {
		t.Errorf("opened twice: %v", err)
	}
	r.Close()
	other := exec.Command(os.Args[0], "-test.run=TestHoldForever")
	other.Env = append(os.Environ(), "HOLD=a")
	held, err := other.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := held.Read(make([]byte, 1)); err != nil { // it has the lock
		t.Fatal(err)
	}
	if _, err := Open("a"); !errors.Is(err, ErrInUse) {
		t.Errorf("opened while another process has it: %v", err)
	}
	other.Process.Kill()
	other.Wait()
	r, err = Open("a")
	if err != nil {
		t.Fatalf("after the other process was killed: %v", err)
	}
	r.Close()
	if _, err := Open("b"); err == nil || !strings.Contains(err.Error(), "no checkpoint in") {
		t.Errorf("a folder without a run: %v", err)
	}
}

// TestHoldForever is the other process of TestLock.
func TestHoldForever(t *testing.T) {
	folder := os.Getenv("HOLD")
	if folder == "" {
		t.Skip("only a part of TestLock")
	}
	if _, err := Open(Folder(folder)); err != nil {
		t.Fatal(err)
	}
	os.Stdout.WriteString("x")
	select {}
}

func TestRestore(t *testing.T) {
	t.Chdir(t.TempDir())
	source := []byte("seed = 1")
	r, err := CreateAt("a", source)
	if err != nil {
		t.Fatal(err)
	}
	if restored, err := r.Restore(source); restored || err != nil {
		t.Errorf("nothing was deleted: %v, %v", restored, err)
	}
	os.Remove(r.Experiment())
	if restored, err := r.Restore(source); !restored || err != nil || read(t, r.Experiment()) != "seed = 1" {
		t.Errorf("experiment.toml deleted: %v, %v", restored, err)
	}
	os.RemoveAll("a")
	if restored, err := r.Restore(source); !restored || err != nil || read(t, r.Experiment()) != "seed = 1" {
		t.Errorf("folder deleted: %v, %v", restored, err)
	}
	if _, err := CreateAt("a", source); !errors.Is(err, ErrInUse) {
		t.Errorf("the restored folder is not locked: %v", err)
	}
	os.RemoveAll("a")
	other, err := CreateAt("a", source)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Restore(source); !errors.Is(err, ErrInUse) || !strings.Contains(err.Error(), "deleted") {
		t.Errorf("another run has the folder: %v", err)
	}
	other.Close()
}

func TestNewest(t *testing.T) {
	t.Chdir(t.TempDir())
	if _, err := Newest(""); err == nil || !strings.Contains(err.Error(), "no run in runs") {
		t.Errorf("no run: %v", err)
	}
	for folder, seconds := range map[Folder]int64{
		"runs/glyphs": 1, "runs/glyphs-2": 3, "runs/glyphs-edm": 4, "runs/mine": 2,
	} {
		file := checkpoint.File(folder.Checkpoints(), 7)
		write(t, file, "")
		if err := os.Chtimes(file, time.Time{}, time.Unix(seconds, 0)); err != nil {
			t.Fatal(err)
		}
	}
	for name, want := range map[string]Folder{"": "runs/glyphs-edm", "glyphs": "runs/glyphs-2", "mine": "runs/mine"} {
		if f, err := Newest(name); f != want || err != nil {
			t.Errorf("newest run of %q is %s, %v; want %s", name, f, err, want)
		}
	}
}

var columns = []string{"step", "loss", "rate"}

// TestTable cuts and pads a table: what is left are the whole rows up to a step, and new ones follow them.
func TestTable(t *testing.T) {
	const header, rows = "step,loss,rate\n", "10,1.5,0.1\n20,,0.1\n20,1.25,\n"
	for name, c := range map[string]struct {
		content, want string
		damaged       int
	}{
		"new":                         {"", header, 0},
		"whole":                       {header + rows, header + rows, 0},
		"later rows":                  {header + rows + "30,1,0.1\n", header + rows, 0},
		"cut in a number":             {header + rows + "20,1", header + rows, 1},
		"cut before the end of line":  {header + rows + "20,1,0.1", header + rows, 1},
		"padded with NULs":            {header + rows + "\x00\x00\x00", header + rows, 1},
		"a row after NULs":            {header + "\x00\x00\x0010,1,0.1\n" + rows, header + rows, 1},
		"cut in the header":           {"step,lo", header, 1},
		"nothing but NULs":            {strings.Repeat("\x00", 4096), header, 1},
		"rows of an older run, ended": {header + "50,1,1\n60,1,1\n", header, 0},
	} {
		path := filepath.Join(t.TempDir(), "metrics.csv")
		write(t, path, c.content)
		table, damaged, err := OpenTable(path, columns, func(row []float64) bool { return row[0] <= 20 })
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if err := errors.Join(table.Add([]string{"30", "0.5", ""}), table.Close()); err != nil {
			t.Fatal(err)
		}
		if got := read(t, path); got != c.want+"30,0.5,\n" || damaged != c.damaged {
			t.Errorf("%s: %d damaged, left is\n%q", name, damaged, got)
		}
	}
	path := filepath.Join(t.TempDir(), "metrics.csv")
	write(t, path, "name,price\napple,3\n")
	_, _, err := OpenTable(path, columns, nil)
	if err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "name,price") {
		t.Errorf("another program's table: %v", err)
	}
}
