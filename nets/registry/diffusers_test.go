package registry

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tweedie/nets/checkpoint"
)

// A diffusers is a UNet2DModel whose tensors are made up.
type diffusers struct {
	channels []int  // by level
	attends  []bool // by level
	blocks   int
	old      bool // names of attention before version 0.17
	tensors  map[string]checkpoint.Tensor
}

func (d *diffusers) tensor(name string, shape ...int) {
	n := 1
	for _, s := range shape {
		n *= s
	}
	d.tensors[name] = checkpoint.Tensor{Shape: shape, Data: make([]float32, n)}
}

func (d *diffusers) linear(name string, in, out int, kernel ...int) {
	d.tensor(name+".weight", append([]int{out, in}, kernel...)...)
	d.tensor(name+".bias", out)
}

func (d *diffusers) norm(name string, c int) { d.tensor(name+".weight", c); d.tensor(name+".bias", c) }

func (d *diffusers) residual(name string, in, out int) {
	d.norm(name+".norm1", in)
	d.linear(name+".conv1", in, out, 3, 3)
	d.linear(name+".time_emb_proj", 4*d.channels[0], out)
	d.norm(name+".norm2", out)
	d.linear(name+".conv2", out, out, 3, 3)
	if in != out {
		d.linear(name+".conv_shortcut", in, out, 1, 1)
	}
}

func (d *diffusers) attention(name string, c int) {
	d.norm(name+".group_norm", c)
	projections := []string{"to_q", "to_k", "to_v", "to_out.0"}
	if d.old {
		projections = []string{"query", "key", "value", "proj_attn"}
	}
	for _, p := range projections {
		d.linear(name+"."+p, c, c)
	}
}

func (d *diffusers) build() *diffusers {
	d.tensors = map[string]checkpoint.Tensor{}
	c, last := d.channels[0], len(d.channels)-1
	d.linear("conv_in", 3, c, 3, 3)
	d.linear("time_embedding.linear_1", c, 4*c)
	d.linear("time_embedding.linear_2", 4*c, 4*c)
	skips := []int{c}
	for level, out := range d.channels {
		name := fmt.Sprintf("down_blocks.%d.", level)
		for j := range d.blocks {
			d.residual(fmt.Sprintf("%sresnets.%d", name, j), c, out)
			if d.attends[level] {
				d.attention(fmt.Sprintf("%sattentions.%d", name, j), out)
			}
			c = out
			skips = append(skips, c)
		}
		if level < last {
			d.linear(name+"downsamplers.0.conv", c, c, 3, 3)
			skips = append(skips, c)
		}
	}
	d.residual("mid_block.resnets.0", c, c)
	d.attention("mid_block.attentions.0", c)
	d.residual("mid_block.resnets.1", c, c)
	for level, out := range slices.Backward(d.channels) {
		name := fmt.Sprintf("up_blocks.%d.", last-level)
		for j := range d.blocks + 1 {
			d.residual(fmt.Sprintf("%sresnets.%d", name, j), c+skips[len(skips)-1], out)
			skips = skips[:len(skips)-1]
			if d.attends[level] {
				d.attention(fmt.Sprintf("%sattentions.%d", name, j), out)
			}
			c = out
		}
		if level > 0 {
			d.linear(name+"upsamplers.0.conv", c, c, 3, 3)
		}
	}
	d.norm("conv_norm_out", c)
	d.linear("conv_out", c, 3, 3, 3)
	return d
}

// The modules of google/ddpm-cifar10-32 get the names that ADM has for them.
func TestDiffusersNames(t *testing.T) {
	for _, old := range []bool{false, true} {
		d := (&diffusers{channels: []int{128, 256, 256, 256}, attends: []bool{false, true, false, false}, blocks: 2,
			old: old}).build()
		values := 0
		for _, tensor := range d.tensors {
			values += len(tensor.Data)
		}
		if values != 35746307 { // as its model card says: 35.7 M
			t.Fatalf("%d values", values)
		}
		ours, err := fromDiffusers(d.tensors)
		if err != nil {
			t.Fatal(err)
		}
		for _, tensor := range ours {
			values -= len(tensor.Data)
		}
		if values != 0 {
			t.Errorf("%d values were lost", values)
		}
		for name, shape := range map[string][]int{
			"input_blocks.0.0.weight":                  {128, 3, 3, 3},
			"input_blocks.1.0.in_layers.2.weight":      {128, 128, 3, 3},
			"input_blocks.3.0.op.weight":               {128, 128, 3, 3},
			"input_blocks.4.0.skip_connection.weight":  {256, 128, 1, 1},
			"input_blocks.4.0.emb_layers.1.weight":     {256, 512},
			"input_blocks.5.1.qkv.weight":              {768, 256, 1},
			"input_blocks.5.1.qkv.bias":                {768},
			"input_blocks.5.1.proj_out.weight":         {256, 256, 1},
			"input_blocks.11.0.out_layers.3.weight":    {256, 256, 3, 3},
			"middle_block.1.norm.bias":                 {256},
			"middle_block.2.out_layers.0.weight":       {256},
			"output_blocks.0.0.in_layers.0.weight":     {512},
			"output_blocks.2.1.conv.weight":            {256, 256, 3, 3},
			"output_blocks.6.1.qkv.weight":             {768, 256, 1},
			"output_blocks.8.2.conv.weight":            {256, 256, 3, 3}, // after attention
			"output_blocks.9.0.skip_connection.weight": {128, 384, 1, 1},
			"output_blocks.11.0.in_layers.0.weight":    {256},
			"time_embed.2.bias":                        {512},
			"out.2.weight":                             {3, 128, 3, 3},
		} {
			if got := ours[name].Shape; !slices.Equal(got, shape) {
				t.Errorf("%s is %v, want %v", name, got, shape)
			}
		}
	}
}

func TestDiffusersProjectionsAreJoinedInOrder(t *testing.T) {
	d := (&diffusers{channels: []int{2}, attends: []bool{false}, blocks: 1}).build()
	for i, name := range []string{"to_q", "to_k", "to_v"} {
		for _, kind := range []string{".weight", ".bias"} {
			data := d.tensors["mid_block.attentions.0."+name+kind].Data
			for j := range data {
				data[j] = float32(10*i + j)
			}
		}
	}
	ours, err := fromDiffusers(d.tensors)
	if err != nil {
		t.Fatal(err)
	}
	if w := ours["middle_block.1.qkv.weight"].Data; !slices.Equal(w,
		[]float32{0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23}) {
		t.Errorf("weights %v", w)
	}
	if b := ours["middle_block.1.qkv.bias"].Data; !slices.Equal(b, []float32{0, 1, 10, 11, 20, 21}) {
		t.Errorf("bias %v", b)
	}
}

func TestDiffusersTensorsThatDoNotFit(t *testing.T) {
	for name, tt := range map[string]struct {
		spoil func(tensors map[string]checkpoint.Tensor)
		says  string
	}{
		"another class": {func(m map[string]checkpoint.Tensor) { m["class_embedding.weight"] = m["conv_in.bias"] },
			"class_embedding.weight"},
		"no module": {func(m map[string]checkpoint.Tensor) { m["scale"] = m["conv_in.bias"] }, `"scale"`},
		"no key": {func(m map[string]checkpoint.Tensor) { delete(m, "mid_block.attentions.0.to_k.weight") },
			"k.weight"},
		"a scalar key": {func(m map[string]checkpoint.Tensor) {
			m["mid_block.attentions.0.to_k.bias"] = checkpoint.Tensor{Data: []float32{1}}
		}, "k.bias"},
		"a wide query": {func(m map[string]checkpoint.Tensor) {
			m["mid_block.attentions.0.to_q.weight"] = m["conv_in.weight"]
		}, "q.weight"},
		"a scalar query": {func(m map[string]checkpoint.Tensor) {
			m["mid_block.attentions.0.to_q.weight"] = checkpoint.Tensor{Data: []float32{1}}
		}, "q.weight"},
	} {
		d := (&diffusers{channels: []int{2}, attends: []bool{false}, blocks: 1}).build()
		tt.spoil(d.tensors)
		if _, err := fromDiffusers(d.tensors); err == nil || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: error %v, want %q in it", name, err, tt.says)
		}
	}
}

func TestDiffusersConfig(t *testing.T) {
	for name, tt := range map[string]struct {
		config, scheduler string
		want              string // flip, shift, padding, head channels, eps, side; or an error
	}{
		"none": {"", "", "false 1 0 0 1e-06 0"},
		"google's": {`{"act_fn": "silu", "attention_head_dim": null, "downsample_padding": 0, ` +
			`"flip_sin_to_cos": false, "freq_shift": 1, "norm_eps": 1e-06, "sample_size": 32}`,
			"{}", "false 1 0 0 1e-06 32"},
		"defaults":       {`{"sample_size": [64, 64]}`, "", "true 0 1 8 1e-05 64"},
		"not square":     {`{"sample_size": [64, 32]}`, "", "true 0 1 8 1e-05 0"},
		"strange size":   {`{"sample_size": [[64], [64]]}`, "", "true 0 1 8 1e-05 0"},
		"no JSON":        {`{`, "", "config.json"},
		"activation":     {`{"act_fn": "gelu"}`, "", "act_fn gelu"},
		"groups":         {`{"norm_num_groups": 16}`, "", "norm_num_groups 16"},
		"other noise":    {"", `{"beta_schedule": "squaredcos_cap_v2"}`, "beta_schedule squaredcos_cap_v2"},
		"velocity":       {"", `{"prediction_type": "v_prediction"}`, "prediction_type v_prediction"},
		"padding":        {`{"downsample_padding": 2}`, "", "downsample_padding 2"},
		"learned levels": {"", `{"trained_betas": [0.1]}`, "trained_betas 1"},
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			for file, text := range map[string]string{"config.json": tt.config, "scheduler_config.json": tt.scheduler} {
				if text == "" {
					continue
				}
				if err := os.WriteFile(filepath.Join(folder, file), []byte(text), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			c, err := readDiffusersConfig(filepath.Join(folder, "weights.bin"))
			heads := 0
			if c.HeadChannels != nil {
				heads = *c.HeadChannels
			}
			got := fmt.Sprint(c.FlipSinToCos, c.FrequencyShift, c.DownsamplePadding, heads, c.Epsilon, c.side())
			if err != nil {
				got = err.Error()
			}
			if got != tt.want && !(err != nil && strings.Contains(got, tt.want)) {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}
