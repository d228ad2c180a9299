package registry

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"tweedie/nets/checkpoint"
)

// diffusers' UNet2DModel is ADM's network under other names. Its residual blocks add the embedding, plain convolutions
// change the resolution between levels, and attention has three matrices for query, key and value instead of one.

// diffusersNames maps the names of diffusers' modules to those of ADM. Each level has the same number of residual
// blocks.
func diffusersNames(levels, blocks int) map[string]string {
	names := map[string]string{
		"conv_in":                 "input_blocks.0.0",
		"time_embedding.linear_1": "time_embed.0",
		"time_embedding.linear_2": "time_embed.2",
		"conv_norm_out":           "out.0",
		"conv_out":                "out.2",
	}
	residual := func(theirs, ours string) {
		for from, to := range map[string]string{
			"norm1": "in_layers.0", "conv1": "in_layers.2", "time_emb_proj": "emb_layers.1",
			"norm2": "out_layers.0", "conv2": "out_layers.3", "conv_shortcut": "skip_connection",
		} {
			names[theirs+"."+from] = ours + "." + to
		}
	}
	attention := func(theirs, ours string) {
		for from, to := range map[string]string{
			"group_norm": "norm", "to_q": "q", "to_k": "k", "to_v": "v", "to_out.0": "proj_out",
			"query": "q", "key": "k", "value": "v", "proj_attn": "proj_out", // before version 0.17
		} {
			names[theirs+"."+from] = ours + "." + to
		}
	}
	input, output := 1, 0
	for level := range levels {
		for block := range blocks {
			residual(fmt.Sprintf("down_blocks.%d.resnets.%d", level, block), fmt.Sprintf("input_blocks.%d.0", input))
			attention(fmt.Sprintf("down_blocks.%d.attentions.%d", level, block), fmt.Sprintf("input_blocks.%d.1", input))
			input++
		}
		if level < levels-1 {
			names[fmt.Sprintf("down_blocks.%d.downsamplers.0.conv", level)] = fmt.Sprintf("input_blocks.%d.0.op", input)
			input++
		}
		for block := range blocks + 1 { // here levels count from the coarsest
			residual(fmt.Sprintf("up_blocks.%d.resnets.%d", level, block), fmt.Sprintf("output_blocks.%d.0", output))
			attention(fmt.Sprintf("up_blocks.%d.attentions.%d", level, block), fmt.Sprintf("output_blocks.%d.1", output))
			output++
		}
	}
	residual("mid_block.resnets.0", "middle_block.0")
	attention("mid_block.attentions.0", "middle_block.1")
	residual("mid_block.resnets.1", "middle_block.2")
	return names
}

// fromDiffusers returns the tensors of a UNet2DModel with the names and shapes of ADM. A tensor that does not belong to
// such a network is an error.
func fromDiffusers(theirs map[string]checkpoint.Tensor) (map[string]checkpoint.Tensor, error) {
	levels, blocks := 0, 0
	for has(theirs, fmt.Sprintf("down_blocks.%d.resnets.0.conv1.weight", levels)) {
		levels++
	}
	for has(theirs, fmt.Sprintf("down_blocks.0.resnets.%d.conv1.weight", blocks)) {
		blocks++
	}
	names := diffusersNames(levels, blocks)
	for level := range levels - 1 { // upsampling follows the attention, if there is one
		last, at := (level+1)*(blocks+1)-1, 1
		if has(theirs, fmt.Sprintf("up_blocks.%d.attentions.%d.group_norm.weight", level, blocks)) {
			at = 2
		}
		names[fmt.Sprintf("up_blocks.%d.upsamplers.0.conv", level)] = fmt.Sprintf("output_blocks.%d.%d.conv", last, at)
	}
	ours := map[string]checkpoint.Tensor{}
	for _, name := range slices.Sorted(maps.Keys(theirs)) {
		at := strings.LastIndexByte(name, '.')
		module, ok := names[name[:max(at, 0)]]
		if !ok {
			return nil, fmt.Errorf("tensor %.80q is of no UNet2DModel that ADM's network can stand for", name)
		}
		ours[module+name[at:]] = theirs[name]
	}
	return ours, joinProjections(ours)
}

func has(tensors map[string]checkpoint.Tensor, name string) bool { _, ok := tensors[name]; return ok }

// joinProjections replaces the matrices q, k and v (c, c) of each attention by one, qkv (3c, c, 1), and gives proj_out
// a third dimension of 1. In ADM both are convolutions of width 1 over a sequence.
func joinProjections(tensors map[string]checkpoint.Tensor) error {
	for _, name := range slices.Sorted(maps.Keys(tensors)) {
		attention, ok := strings.CutSuffix(name, ".q.weight")
		if !ok {
			continue
		}
		c := len(tensors[attention+".norm.weight"].Data)
		for kind, shape := range map[string][]int{".weight": {c, c}, ".bias": {c}} {
			var qkv []float32
			for _, part := range []string{".q", ".k", ".v"} {
				t := tensors[attention+part+kind]
				if !slices.Equal(t.Shape, shape) {
					return fmt.Errorf("attention %s has a projection %s of shape %v, want %v",
						attention, part[1:]+kind, t.Shape, shape)
				}
				qkv = append(qkv, t.Data...)
				delete(tensors, attention+part+kind)
			}
			joined := slices.Clone(shape)
			joined[0] *= 3
			if kind == ".weight" {
				joined = append(joined, 1)
			}
			tensors[attention+".qkv"+kind] = checkpoint.Tensor{Shape: joined, Data: qkv}
		}
		out := tensors[attention+".proj_out.weight"]
		tensors[attention+".proj_out.weight"] = checkpoint.Tensor{Shape: append(slices.Clone(out.Shape), 1), Data: out.Data}
	}
	return nil
}
