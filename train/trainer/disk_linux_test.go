package trainer

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"tweedie/experiments"
)

// TestFullDisk lets no file grow for a while, as on a full disk: metrics and events go on afterwards, without a gap.
func TestFullDisk(t *testing.T) {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		t.Fatal(err)
	}
	set := func(most uint64) {
		l := limit
		l.Cur = most
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &l); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { set(limit.Cur) })
	e := tiny(t, steps(100), func(e *experiments.Experiment) { e.Train.CheckpointEvery = 30 })
	w := &witness{}
	w.after = func(p Progress) {
		switch p.Step {
		case 25:
			info, err := os.Stat("a/metrics.csv")
			if err != nil {
				t.Fatal(err)
			}
			set(uint64(info.Size() + 7)) // full in the middle of a row
		case 75:
			set(limit.Cur)
		}
	}
	r := mustRun(t, e, Options{Folder: "a", Observer: w})
	rows := strings.Split(strings.TrimSpace(string(bytesOf(t, "a/metrics.csv"))), "\n")
	if len(rows) != 11 {
		t.Errorf("%d rows, want a head and 10:\n%s", len(rows), strings.Join(rows, "\n"))
	}
	for i, row := range rows[1:] {
		if want := fmt.Sprintf("%d,", 10*(i+1)); !strings.HasPrefix(row, want) {
			t.Errorf("row %q does not begin with %s", row, want)
		}
	}
	events, _ := filepath.Glob("a/events.out.tfevents.*")
	if len(events) != 1 || bytes.Count(bytesOf(t, events[0]), []byte("gradient_norm")) != 10 {
		t.Errorf("%v do not hold 10 points of a curve", events)
	}
	for _, name := range []string{"metrics", "TensorBoard", "checkpoint"} {
		if n := w.warned("writing "+name) + w.warned("writing for "+name); n < 1 || n > 2 {
			t.Errorf("%d warnings about %s: %q", n, name, w.warnings)
		}
	}
	if r.Steps != 100 || w.warned("works again") < 2 {
		t.Errorf("warnings %q", w.warnings)
	}
}
