package experiments

import (
	"os"
	"strings"
	"testing"

	"tweedie/data"
)

func TestDataSets(t *testing.T) {
	glyphs := func(v Validation) Data { return Data{Path: "glyphs", Size: 8, Channels: 1, Validation: v} }
	open := func(d Data) (training, held *data.Set) {
		t.Helper()
		training, held, err := d.Open()
		if err != nil {
			t.Fatal(err)
		}
		return training, held
	}
	all, none := open(glyphs(Validation{}))
	if none != nil {
		t.Errorf("without validation, %d images are held out", none.Len())
	}

	training, held := open(glyphs(Validation{Share: 0.1}))
	if n := training.Len() + held.Len(); n != all.Len() {
		t.Errorf("%d images are trained on or held out, of %d", n, all.Len())
	}
	if share := float64(held.Len()) / float64(all.Len()); share < 0.09 || share > 0.11 {
		t.Errorf("a share of %.3f is held out, want about 0.1", share)
	}

	training, held = open(glyphs(Validation{Path: "glyphs"}))
	if training.Len() != all.Len() || held.Len() != all.Len() {
		t.Errorf("with a path, %d images are trained on and %d held out, want all %d", training.Len(), held.Len(),
			all.Len())
	}

	empty := t.TempDir()
	if err := os.Mkdir(empty+"/sub", 0o777); err != nil {
		t.Fatal(err)
	}
	for _, d := range []Data{{Path: empty, Size: 8, Channels: 1}, glyphs(Validation{Path: empty})} {
		if _, _, err := d.Open(); err == nil || !strings.Contains(err.Error(), empty) {
			t.Errorf("an empty folder is the error %v, want one that names it", err)
		}
	}
}
