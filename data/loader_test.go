package data

import (
	"fmt"
	"slices"
	"sync"
	"testing"
)

// batches returns copies of the first n batches.
func batches(t testing.TB, s Images, o LoaderOptions, n int) (list [][]float32) {
	t.Helper()
	l := NewLoader(s, o)
	defer l.Close()
	for range n {
		images, err := l.Next()
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, slices.Clone(images))
	}
	return list
}

// TestLoaderResumes requires that a loader which starts at batch k gives the batches k, k+1, ... of one that starts at
// 0, whether or not files are cached, and although some are unreadable.
func TestLoaderResumes(t *testing.T) {
	f := dots(t, 20, 9, 11)
	f["1/1.png"] = []byte("broken")
	path := f.archive(t)
	for _, o := range []Options{{Size: 8}, {Crop: 6}, {Crop: 6, CacheBytes: 300}} {
		o.Path, o.Channels = path, 3
		draw := LoaderOptions{Batch: 5, Seed: 3, Flip: true}
		whole := batches(t, open(t, o), draw, 15)
		for _, first := range []int{0, 1, 4, 10} {
			draw.First = first
			resumed := batches(t, open(t, o), draw, 15-first)
			if !slices.EqualFunc(resumed, whole[first:], slices.Equal) {
				t.Errorf("%+v: from batch %d on they differ", o, first)
			}
		}
		draw.Seed, draw.First = 4, 0
		if slices.Equal(batches(t, open(t, o), draw, 1)[0], whole[0]) {
			t.Errorf("%+v: two seeds give one batch", o)
		}
		if slices.Equal(whole[0], whole[1]) {
			t.Errorf("%+v: two numbers give one batch", o)
		}
	}
}

// TestLoaderDrawsEverything requires that batches hold all images, mirrored and not, and nothing else.
func TestLoaderDrawsEverything(t *testing.T) {
	s := open(t, Options{Path: dots(t, 5, 4, 4).folder(t), Size: 4, Channels: 1})
	count := map[string]int{}
	for image := range slices.Chunk(all(t, s), 16) {
		count[fmt.Sprint(image)] = 0
		mirrored := slices.Clone(image)
		for row := range slices.Chunk(mirrored, 4) {
			slices.Reverse(row)
		}
		count[fmt.Sprint(mirrored)] = 0
	}
	kinds := len(count)
	for _, batch := range batches(t, s, LoaderOptions{Batch: 50, Flip: true}, 20) {
		for image := range slices.Chunk(batch, 16) {
			count[fmt.Sprint(image)]++
		}
	}
	if len(count) != kinds || kinds != 10 {
		t.Errorf("%d different images, want 10", len(count))
	}
	for _, n := range count { // binomial: mean 100, standard deviation 9.5
		if n < 60 || n > 140 {
			t.Errorf("an image was drawn %d times in 1000, want about 100", n)
		}
	}
}

// TestLoaderKeepsTheBatch requires that a batch does not change before the next call of Next.
func TestLoaderKeepsTheBatch(t *testing.T) {
	s := open(t, Options{Path: "glyphs", Size: 8, Channels: 1})
	l := NewLoader(s, LoaderOptions{Batch: 4})
	defer l.Close()
	for k, want := range batches(t, s, LoaderOptions{Batch: 4}, 20) {
		images, err := l.Next()
		if err != nil || !slices.Equal(images, want) {
			t.Fatalf("batch %d changed (error %v)", k, err)
		}
	}
}

// TestConcurrentUse is for the race detector: loaders, single images and counts of one set at once.
func TestConcurrentUse(t *testing.T) {
	f := dots(t, 30, 8, 8)
	f["0/0.png"] = nil
	s := open(t, Options{Path: f.archive(t), Size: 8, Channels: 1, CacheBytes: 1000})
	training, held := split(t, s, 0.3)
	var wait sync.WaitGroup
	for _, part := range []*Set{s, training, held} {
		wait.Go(func() { batches(t, part, LoaderOptions{Batch: 8}, 20) })
		wait.Go(func() { all(t, part); part.Unreadable() })
	}
	wait.Wait()
}

func TestLoaderErrors(t *testing.T) {
	s := open(t, Options{Path: "glyphs", Size: 8, Channels: 1})
	_, none := split(t, s, 0)
	tests := []struct {
		name    string
		set     *Set
		options LoaderOptions
		want    string
	}{
		{"empty set", none, LoaderOptions{Batch: 1}, "no images"},
		{"no batch", s, LoaderOptions{}, "batch = 0"},
		{"negative number", s, LoaderOptions{Batch: 1, First: -1}, "first batch -1"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			l := NewLoader(test.set, test.options)
			_, err := l.Next()
			mentions(t, err, test.want)
			l.Close()
			l.Close()
		})
	}
	l := NewLoader(s, LoaderOptions{Batch: 1})
	l.Close()
	_, err := l.Next()
	mentions(t, err, "closed")
}

// TestLoaderMakesNoGarbage requires that Next allocates nothing once the images are cached.
func TestLoaderMakesNoGarbage(t *testing.T) {
	s := open(t, Options{Path: "glyphs", Size: 8, Channels: 1})
	all(t, s)
	l := NewLoader(s, LoaderOptions{Batch: 8, Flip: true})
	defer l.Close()
	if n := testing.AllocsPerRun(200, func() { l.Next() }); n > 0 {
		t.Errorf("%v allocations per batch, want 0", n)
	}
}

func BenchmarkLoader(b *testing.B) {
	s := open(b, Options{Path: "glyphs", Size: 28, Channels: 1})
	all(b, s)
	l := NewLoader(s, LoaderOptions{Batch: 32, Flip: true})
	defer l.Close()
	b.ReportAllocs()
	for b.Loop() {
		images, err := l.Next()
		if err != nil {
			b.Fatal(err)
		}
		b.SetBytes(int64(4 * len(images)))
	}
}
