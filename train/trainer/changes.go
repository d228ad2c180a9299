package trainer

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"tweedie/experiments"
)

// compare tells what has changed since a checkpoint was saved. It is an error if training would not be of the same
// network, on the same images, for the same objective. changed lists settings of the optimizer that differ.
func compare(saved, now *experiments.Experiment, dataMoved bool) (changed []string, err error) {
	before, err := settings(saved)
	if err != nil {
		return nil, err
	}
	after, err := settings(now)
	if err != nil {
		return nil, err
	}
	all := maps.Clone(before)
	maps.Copy(all, after)
	var refused []string
	for _, key := range slices.Sorted(maps.Keys(all)) {
		difference := fmt.Sprintf("%s is %s in the checkpoint and %s in the experiment",
			key, value(before, key), value(after, key))
		switch {
		case before[key] == after[key] || free[key] || key == "data.path" && dataMoved:
		case fixed(key):
			if key == "data.path" {
				difference += " (if only the place of the images has changed, give it by -data)"
			}
			refused = append(refused, difference)
		case strings.HasPrefix(key, "train."):
			changed = append(changed, difference)
		}
	}
	if len(refused) > 0 {
		return nil, fmt.Errorf("%s", strings.Join(refused, ", "))
	}
	return changed, nil
}

// free are settings of training that may change with nothing to say about it.
var free = map[string]bool{
	"train.steps": true, "train.keep": true,
	"train.checkpoint_every": true, "train.preview_every": true, "train.validate_every": true,
}

// fixed reports whether a setting must not change during a run.
func fixed(key string) bool {
	for _, same := range []string{
		"seed", "data", "net", "train.parameterization", "train.data_std", "train.noise", "train.weight",
	} {
		if key == same || strings.HasPrefix(key, same+".") {
			return true
		}
	}
	return false
}

// settings returns the values of an experiment, defaults filled in, as JSON by their keys, such as "train.noise.kind".
func settings(e *experiments.Experiment) (map[string]string, error) {
	source, err := e.Encode()
	if err != nil {
		return nil, err
	}
	var tables map[string]any
	if err := toml.Unmarshal(source, &tables); err != nil {
		return nil, err
	}
	all := map[string]string{}
	if err := flatten(all, "", tables); err != nil {
		return nil, err
	}
	return all, nil
}

func flatten(all map[string]string, prefix string, table map[string]any) error {
	for key, v := range table {
		if inner, ok := v.(map[string]any); ok {
			if err := flatten(all, prefix+key+".", inner); err != nil {
				return err
			}
			continue
		}
		text, err := json.Marshal(v)
		if err != nil {
			return err
		}
		all[prefix+key] = string(text)
	}
	return nil
}

func value(of map[string]string, key string) string {
	if v, ok := of[key]; ok {
		return v
	}
	return "not given"
}
