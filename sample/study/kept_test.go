package study

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tweedie/nets/checkpoint"
)

// writeFile stores content in a file and makes its folder.
func writeFile(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o666); err != nil {
		t.Fatal(err)
	}
}

// writeImage stores a gray image of 8 x 8 pixels, of random numbers of its own. A change adds to its last pixel.
func writeImage(t *testing.T, path string, stream uint64, change uint8) {
	t.Helper()
	m := image.NewGray(image.Rect(0, 0, 8, 8))
	rng := rand.New(rand.NewPCG(1, stream))
	for i := range m.Pix {
		m.Pix[i] = uint8(rng.IntN(128))
	}
	m.Pix[63] += change
	encodeImage(t, path, m)
}

func encodeImage(t *testing.T, path string, m image.Image) {
	t.Helper()
	var encoded strings.Builder
	if err := png.Encode(&encoded, m); err != nil {
		t.Fatal(err)
	}
	writeFile(t, path, []byte(encoded.String()))
}

// writeMask stores a mask of 8 x 8 pixels whose left half is light, and perhaps one pixel more.
func writeMask(t *testing.T, path string, more bool) {
	t.Helper()
	m := image.NewGray(image.Rect(0, 0, 8, 8))
	for i := range m.Pix {
		if i%8 < 4 {
			m.Pix[i] = 255
		}
	}
	if more {
		m.SetGray(5, 0, color.Gray{255})
	}
	encodeImage(t, path, m)
}

// measuresFiles is an experiment whose images and mask are in a folder, %[1]s.
const measuresFiles = `
[data]
path = "%[1]s/train"
size = 8
channels = 1
validation = "%[1]s/held"
[[walk]]
name = "posterior"
samples = 4
schedule = { kind = "sigmoid", steps = 4, max = 10.0, min = 0.1 }
step = { kind = "proportional", epsilon = 0.5 }
temperature = { kind = "constant", value = 1 }
measurement = { kind = "inpainting", mask = "%[1]s/mask.png", eta = 0.2, posterior = 2 }
`

// writeMeasured writes the images and the mask of measuresFiles.
func writeMeasured(t *testing.T, folder string) {
	t.Helper()
	for i := range 6 {
		writeImage(t, fmt.Sprintf("%s/train/%d.png", folder, i), uint64(i), 0)
	}
	for i := range 2 {
		writeImage(t, fmt.Sprintf("%s/held/%d.png", folder, i), uint64(10+i), 0)
	}
	writeMask(t, folder+"/mask.png", false)
}

// sayings runs an experiment and returns what it said.
func sayings(t *testing.T, source, checkpoint string) string {
	t.Helper()
	observer := &recorder{}
	if _, err := Run(t.Context(), parse(t, source), Options{Checkpoint: checkpoint, Observer: observer}); err != nil {
		t.Fatal(err)
	}
	return observer.text()
}

const allKept = "1 of 1 walks are kept"

// Walks are kept when files are moved, and drawn anew when a pixel changes of an image that is measured, even where the
// mask is dark, of the mask, or of an image that the denoiser is fitted to.
func TestKeptWalksAreKnownByContent(t *testing.T) {
	t.Chdir(t.TempDir())
	writeMeasured(t, "here")
	sayings(t, fmt.Sprintf(measuresFiles, "here"), "exact:gaussian")
	if err := os.Rename("here", "there"); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"train/5", "held/1"} { // the order of names is the same
		if err := os.Rename("there/"+name+".png", "there/"+name+"-renamed.png"); err != nil {
			t.Fatal(err)
		}
	}
	source := fmt.Sprintf(measuresFiles, "there")
	said := sayings(t, source, "exact:gaussian")
	if !strings.Contains(said, allKept) || strings.Contains(said, "anew") {
		t.Errorf("files were moved, and it said %q", said)
	}
	for _, c := range []struct {
		name   string
		change func()
		says   string
	}{
		{"a measured image", func() { writeImage(t, "there/held/0.png", 10, 1) },
			"the images that are measured"},
		{"the mask", func() { writeMask(t, "there/mask.png", true) }, "their measurements, the mask"},
		{"a fitted image", func() { writeImage(t, "there/train/0.png", 0, 1) },
			"the images that the denoiser is made of"},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.change()
			said := sayings(t, source, "exact:gaussian")
			want := "posterior: drawn anew, since these have changed: " + c.says
			if strings.Contains(said, allKept) || strings.Count(said, want+"\n") != 1 {
				t.Errorf("it said %q, want %q", said, want)
			}
			writeMeasured(t, "there")
			for _, name := range []string{"train/5", "held/1"} {
				if err := os.Remove("there/" + name + ".png"); err != nil {
					t.Fatal(err)
				}
			}
			if said := sayings(t, source, "exact:gaussian"); !strings.Contains(said, allKept) {
				t.Errorf("with the old files, it said %q", said)
			}
		})
	}
}

// Settings beside the weights of a diffusers network count, and their folder does not.
func TestKeptWalksOfANetworkAreKnownByContent(t *testing.T) {
	t.Chdir(t.TempDir())
	const source = `
[[walk]]
name = "walk"
samples = 1
schedule = { kind = "sigmoid", steps = 2, max = 10.0, min = 0.1 }
step = { kind = "proportional", epsilon = 0.5 }
temperature = { kind = "constant", value = 0 }
`
	const config = `{"sample_size": 8, "norm_eps": %s}`
	writeDiffusers(t, "here/weights.safetensors")
	writeFile(t, "here/config.json", fmt.Appendf(nil, config, "1e-5"))
	sayings(t, source, "here/weights.safetensors")
	if err := os.Rename("here", "there"); err != nil {
		t.Fatal(err)
	}
	if said := sayings(t, source, "there/weights.safetensors"); !strings.Contains(said, allKept) {
		t.Errorf("files were moved, and it said %q", said)
	}
	writeFile(t, "there/config.json", fmt.Appendf(nil, config, "1e-2"))
	const want = "walk: drawn anew, since these have changed: the settings of the network\n"
	if said := sayings(t, source, "there/weights.safetensors"); strings.Contains(said, allKept) ||
		!strings.Contains(said, want) {
		t.Errorf("config.json has changed, and it said %q", said)
	}
}

// Two walks that assume different settings of one file have different denoisers.
func TestAssumedSettingsBelongToTheirWalk(t *testing.T) {
	t.Chdir(t.TempDir())
	writeDiffusers(t, "weights.safetensors")
	walk := `
[[walk]]
name = "%s"
samples = 1
checkpoint = "weights.safetensors"
assume = { size = 8, predicts = "%s" }
schedule = { kind = "sigmoid", steps = 2, max = 10.0, min = 0.1 }
step = { kind = "proportional", epsilon = 0.5 }
temperature = { kind = "constant", value = 0 }
`
	s := newStudy(parse(t, fmt.Sprintf(walk, "a", "epsilon")+fmt.Sprintf(walk, "b", "ve-score")), Options{})
	jobs, err := prepare(t.Context(), s, false)
	if err != nil {
		t.Fatal(err)
	}
	var denoised [2][]float32
	for i, j := range jobs {
		x := make([]float32, j.denoiser.shape.Len())
		x[0] = 1
		denoised[i] = make([]float32, len(x))
		if err := j.denoiser.Denoise(denoised[i], x, 1); err != nil {
			t.Fatal(err)
		}
	}
	if denoised[0][0] == denoised[1][0] || jobs[0].key == jobs[1].key {
		t.Error("both walks have one denoiser")
	}
}

// A walk that is kept in a way that cannot be used is drawn anew, and it is said why.
func TestWhyAWalkIsDrawnAnew(t *testing.T) {
	t.Chdir(t.TempDir())
	writeMeasured(t, "here")
	source := fmt.Sprintf(measuresFiles, "here")
	old := map[string]string{"key": strings.Repeat("0", 64), "walk": "posterior"}
	if err := os.MkdirAll("figures/walks", 0o777); err != nil {
		t.Fatal(err)
	}
	if err := checkpoint.WriteTensors("figures/walks/old.safetensors", nil, old); err != nil {
		t.Fatal(err)
	}
	expect := func(source, want string) {
		t.Helper()
		if said := sayings(t, source, "exact:gaussian"); !strings.Contains(said, "posterior: drawn anew, since "+want) {
			t.Errorf("it said %q, want %q", said, want)
		}
	}
	expect(source, "it was kept by another version of this program\n")
	expect("seed = 2\n"+source, "these have changed: the seed, their measurements\n")
	expect(strings.Replace(source, "epsilon = 0.5", "epsilon = 0.4", 1),
		"these have changed: step.epsilon, the steps\n")
	expect(strings.Replace(source, "samples = 4", "samples = 2", 1),
		"these have changed: the number of samples, the images that are measured, their measurements\n")

	files, err := filepath.Glob("figures/walks/*.safetensors")
	if err != nil || len(files) != 5 {
		t.Fatalf("%d kept walks, %v", len(files), err)
	}
	for _, file := range files {
		if err := os.Truncate(file, 1000); err != nil {
			t.Fatal(err)
		}
	}
	expect(source, filepath.Join("figures", "walks"))
}

// The same numbers in another arrangement are another content.
func TestContentHasAShape(t *testing.T) {
	seen := map[string]int{}
	for i, d := range []dependency{
		dependsOnValues("", []float32{1, 2, 3, 4}, 4),
		dependsOnValues("", []float32{1, 2, 3, 4}, 2, 2),
		dependsOnValues("", []float32{1, 2, 3, 4}, 1, 4),
		dependsOnValues("", []float32{1, 2, 3, 5}, 4),
		dependsOnValues("", []float32{1, 2, 3}, 4),
		dependsOnValues("", nil, 4),
		dependsOnValues("", nil),
	} {
		if before, is := seen[d.Hash]; is {
			t.Errorf("contents %d and %d have one hash", before, i)
		}
		seen[d.Hash] = i
	}
	long := make([]float32, 40000)
	before := dependsOnValues("", long, 200, 200).Hash
	long[39999] = 1
	if dependsOnValues("", long, 200, 200).Hash == before {
		t.Error("the last number does not count")
	}
}

// writeDiffusers stores weights of a small UNet2DModel with random values.
func writeDiffusers(t *testing.T, path string) {
	t.Helper()
	const c = 32
	tensors := map[string]checkpoint.Tensor{}
	rng := rand.New(rand.NewPCG(5, 5))
	add := func(name string, shape ...int) {
		n := 1
		for _, s := range shape {
			n *= s
		}
		values := make([]float32, n)
		for i := range values {
			values[i] = float32(0.1 * rng.NormFloat64())
		}
		tensors[name] = checkpoint.Tensor{Shape: shape, Data: values}
	}
	layer := func(name string, out int, in ...int) {
		add(name+".weight", append([]int{out}, in...)...)
		add(name+".bias", out)
	}
	residual := func(name string, in int) {
		layer(name+".norm1", in)
		layer(name+".conv1", c, in, 3, 3)
		layer(name+".time_emb_proj", c, 4*c)
		layer(name+".norm2", c)
		layer(name+".conv2", c, c, 3, 3)
		if in != c {
			layer(name+".conv_shortcut", c, in, 1, 1)
		}
	}
	layer("conv_in", c, 3, 3, 3)
	layer("time_embedding.linear_1", 4*c, c)
	layer("time_embedding.linear_2", 4*c, 4*c)
	residual("down_blocks.0.resnets.0", c)
	residual("mid_block.resnets.0", c)
	layer("mid_block.attentions.0.group_norm", c)
	for _, projection := range []string{"to_q", "to_k", "to_v", "to_out.0"} {
		layer("mid_block.attentions.0."+projection, c, c)
	}
	residual("mid_block.resnets.1", c)
	residual("up_blocks.0.resnets.0", 2*c)
	residual("up_blocks.0.resnets.1", 2*c)
	layer("conv_norm_out", c)
	layer("conv_out", 3, c, 3, 3)
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := checkpoint.WriteTensors(path, tensors, nil); err != nil {
		t.Fatal(err)
	}
}
