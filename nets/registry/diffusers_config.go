package registry

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
)

// diffusersConfig holds settings in the config.json of a UNet2DModel. Its tensors do not tell them.
type diffusersConfig struct {
	Size              any     `json:"sample_size"` // pixels on a side, or [height, width]
	FlipSinToCos      bool    `json:"flip_sin_to_cos"`
	FrequencyShift    float64 `json:"freq_shift"`
	DownsamplePadding int     `json:"downsample_padding"` // 0 for one pixel at the right and below, 1 for one all around
	HeadChannels      *int    `json:"attention_head_dim"` // null for one head
	Epsilon           float64 `json:"norm_eps"`

	// ADM's network has one value of each of these: see readDiffusersConfig.
	Groups           int     `json:"norm_num_groups"`
	Activation       string  `json:"act_fn"`
	Embedding        string  `json:"time_embedding_type"`
	CenterInput      bool    `json:"center_input_sample"`
	MidScale         float64 `json:"mid_block_scale_factor"`
	EmbeddingIsScale string  `json:"resnet_time_scale_shift"`
}

// diffusersScheduler holds settings in scheduler_config.json: what the network predicts, and at which noise levels.
type diffusersScheduler struct {
	Prediction string    `json:"prediction_type"`
	Betas      string    `json:"beta_schedule"`
	First      float64   `json:"beta_start"`
	Last       float64   `json:"beta_end"`
	Steps      int       `json:"num_train_timesteps"`
	Trained    []float64 `json:"trained_betas"`
}

// readDiffusersConfig reads config.json and scheduler_config.json in the folder of the weights in path. Without the
// first, the settings are those of the networks of Ho et al. 2020, such as google/ddpm-cifar10-32; without the second,
// so is the noise. A setting that ADM's network does not have is an error, and so is any prediction but epsilon at
// DDPM's levels.
func readDiffusersConfig(path string) (diffusersConfig, error) {
	folder := filepath.Dir(path)
	// The class's own defaults.
	eight := 8
	c := diffusersConfig{FlipSinToCos: true, DownsamplePadding: 1, HeadChannels: &eight, Epsilon: 1e-5,
		Groups: 32, Activation: "silu", Embedding: "positional", MidScale: 1, EmbeddingIsScale: "default"}
	found, err := readJSON(filepath.Join(folder, "config.json"), &c)
	if err != nil {
		return c, err
	}
	if !found {
		c.FlipSinToCos, c.FrequencyShift, c.DownsamplePadding, c.HeadChannels, c.Epsilon = false, 1, 0, nil, 1e-6
	}
	s := diffusersScheduler{Prediction: "epsilon", Betas: "linear", First: 1e-4, Last: 0.02, Steps: 1000}
	for _, scheduler := range []string{"scheduler_config.json", "../scheduler/scheduler_config.json"} {
		if found, err := readJSON(filepath.Join(folder, scheduler), &s); err != nil {
			return c, err
		} else if found {
			break
		}
	}
	for _, k := range []struct {
		key        string
		have, want any
	}{
		{"norm_num_groups", c.Groups, 32},
		{"act_fn", c.Activation, "silu"},
		{"time_embedding_type", c.Embedding, "positional"},
		{"center_input_sample", c.CenterInput, false},
		{"mid_block_scale_factor", c.MidScale, 1.},
		{"resnet_time_scale_shift", c.EmbeddingIsScale, "default"},
		{"prediction_type", s.Prediction, "epsilon"},
		{"beta_schedule", s.Betas, "linear"},
		{"beta_start", s.First, 1e-4},
		{"beta_end", s.Last, 0.02},
		{"num_train_timesteps", s.Steps, 1000},
		{"trained_betas", len(s.Trained), 0},
	} {
		if k.have != k.want {
			return c, fmt.Errorf("the settings beside it have %s %v; only %v is known here", k.key, k.have, k.want)
		}
	}
	if c.DownsamplePadding != 0 && c.DownsamplePadding != 1 {
		return c, fmt.Errorf("the settings beside it have downsample_padding %d; only 0 and 1 are known here",
			c.DownsamplePadding)
	}
	return c, nil
}

// side returns the number of pixels on a side of the images, or 0 if the size is missing or not square.
func (c diffusersConfig) side() int {
	sides, ok := c.Size.([]any)
	if !ok || len(sides) == 0 {
		sides = []any{c.Size}
	}
	first, _ := sides[0].(float64)
	for _, v := range sides {
		if side, ok := v.(float64); !ok || side != first || side != math.Trunc(side) || side < 1 || side > math.MaxInt32 {
			return 0
		}
	}
	return int(first)
}

// readJSON decodes a file, if it exists.
func readJSON(path string, into any) (found bool, err error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		return false, fmt.Errorf("%s: %w", path, err)
	}
	return true, nil
}
