package main

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tweedie/nets/checkpoint"
	"tweedie/nets/model"
	"tweedie/nets/pretrained"
	"tweedie/nets/unet"
)

// weights are those of a small network, all parameters shifted by so much.
func weights(shift float32) map[string]checkpoint.Tensor {
	config := unet.Config{Channels: 1, Height: 8, Width: 8, Base: 8, Multipliers: []int{1, 2}, Blocks: 1,
		Attention: []int{4}}
	tensors := map[string]checkpoint.Tensor{}
	m, err := model.New(config, rand.New(rand.NewPCG(1, 1)))
	if err != nil {
		panic(err)
	}
	for _, p := range m.Parameters.All() {
		for i := range p.Data() {
			p.Data()[i] += shift
		}
		tensors[p.Name] = checkpoint.Tensor{Shape: p.Shape, Data: p.Data()}
	}
	return tensors
}

func command(args ...string) (code int, stdout, stderr string) {
	var out, err bytes.Buffer
	code = run(args, &out, &err)
	return code, out.String(), err.String()
}

// Weights go from another program's file to a checkpoint, and from a checkpoint to a file for other programs, and back.
func TestThereAndBack(t *testing.T) {
	folder := t.TempDir()
	in := func(name string) string { return filepath.Join(folder, name) }
	if err := checkpoint.WriteTensors(in("theirs"), weights(0.5), nil); err != nil {
		t.Fatal(err)
	}
	if code, _, stderr := command("-size", "8", "-parameterization", "edm", "-data-std", "0.5", in("theirs"),
		in("ours.safetensors")); code != 0 {
		t.Fatal(stderr)
	}
	trained, err := checkpoint.Read(in("ours.safetensors"))
	if err != nil {
		t.Fatal(err)
	}
	trained.EMA = weights(0.25)
	if err := checkpoint.Write(in("trained.safetensors"), trained); err != nil {
		t.Fatal(err)
	}
	for flag, shift := range map[string]float32{"-weights=": 0.25, "-weights=ema": 0.25, "-weights=raw": 0.5} {
		code, stdout, stderr := command(flag, in("trained.safetensors"), in("plain.safetensors"))
		if code != 0 || !strings.Contains(stdout, "plain.safetensors: ") {
			t.Fatal(stdout, stderr)
		}
		plain, _, err := checkpoint.ReadTensors(in("plain.safetensors"))
		if err != nil {
			t.Fatal(err)
		}
		want := weights(shift)
		if len(plain) != len(want) || plain["conv_out.bias"].Data[0] != want["conv_out.bias"].Data[0] {
			t.Errorf("%s: %d tensors, want %d, or other values", flag, len(plain), len(want))
		}
		if _, _, err := pretrained.Open(in("plain.safetensors"), "parameters", pretrained.Assume{}); err != nil {
			t.Errorf("%s: not for sampling: %v", flag, err)
		}
	}
}

func TestTensorsOfAnyNetwork(t *testing.T) {
	folder := t.TempDir()
	in, out := filepath.Join(folder, "in"), filepath.Join(folder, "out.safetensors")
	want := map[string]checkpoint.Tensor{"layers.0.weight": {Shape: []int{2}, Data: []float32{1, 2}}}
	if err := checkpoint.WriteTensors(in, want, nil); err != nil {
		t.Fatal(err)
	}
	if code, _, stderr := command("-tensors", in, out); code != 0 {
		t.Fatal(stderr)
	}
	got, metadata, err := checkpoint.ReadTensors(out)
	if err != nil || len(got) != 1 || got["layers.0.weight"].Data[1] != 2 || len(metadata) != 0 {
		t.Errorf("%v, metadata %v, error %v", got, metadata, err)
	}
}

func TestErrorsAreOneLine(t *testing.T) {
	folder := t.TempDir()
	text, out := filepath.Join(folder, "notes.txt"), filepath.Join(folder, "out.safetensors")
	if err := os.WriteFile(text, []byte("no weights"), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		args []string
		code int
		says string
	}{
		{nil, misused, "0 files"},
		{[]string{text}, misused, "1 files"},
		{[]string{text, filepath.Join(folder, "out.pt")}, misused, ".safetensors"},
		{[]string{"-weights", "average", text, out}, misused, `"average"`},
		{[]string{"-config", "{", text, out}, misused, "JSON"},
		{[]string{"-size", "-1", text, out}, misused, "-size"},
		{[]string{"-sise", "1", text, out}, misused, "-sise"},
		{[]string{text, out}, failed, "notes.txt"},
		{[]string{"-tensors", text, out}, failed, "notes.txt"},
		{[]string{filepath.Join(folder, "none.pt"), out}, failed, "none.pt"},
		{[]string{folder, out}, failed, "not a file"},
	} {
		code, _, stderr := command(tt.args...)
		if code != tt.code || !strings.Contains(stderr, tt.says) || strings.Count(stderr, "\n") != 1 {
			t.Errorf("%v: exit %d, %q; want %d, %q", tt.args, code, stderr, tt.code, tt.says)
		}
		if _, err := os.Stat(out); err == nil {
			t.Errorf("%v: wrote a file", tt.args)
		}
	}
	if code, stdout, _ := command("-help"); code != 0 || !strings.Contains(stdout, "usage") {
		t.Errorf("help: exit %d, %q", code, stdout)
	}
}
