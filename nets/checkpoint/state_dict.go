package checkpoint

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"tweedie/nets/checkpoint/pickle"
)

// The keys of a file's top level under which programs keep a model's state dict, and that of its moving average.
var (
	modelKeys   = []string{"model", "state_dict", "model_state_dict", "net", "params"}
	averageKeys = []string{"ema", "model_ema", "ema_model", "ema_state_dict", "state_dict_ema", "params_ema"}
)

// A stateDict is a network's tensors by name, in the order of the file.
type stateDict struct {
	names   []string
	tensors map[string]*torchTensor
}

// newStateDict returns the tensors of floating point numbers in a dictionary, or nil if it has none. It drops the
// prefix "module.", which parallel training puts before every name.
func newStateDict(v any) *stateDict {
	dict, ok := v.(*pickle.Dict)
	if !ok {
		return nil
	}
	s := &stateDict{tensors: map[string]*torchTensor{}}
	for _, item := range dict.Items {
		name, isName := item.Key.(string)
		t, isTensor := item.Value.(*torchTensor)
		if !isName || !isTensor || t.decode == nil {
			continue
		}
		if s.tensors[name] == nil {
			s.names = append(s.names, name)
		}
		s.tensors[name] = t
	}
	if len(s.names) == 0 {
		return nil
	}
	const prefix = "module."
	if !slices.ContainsFunc(s.names, func(name string) bool { return !strings.HasPrefix(name, prefix) }) {
		short := make(map[string]*torchTensor, len(s.names))
		for i, name := range s.names {
			s.names[i] = name[len(prefix):]
			short[s.names[i]] = s.tensors[name]
		}
		s.tensors = short
	}
	return s
}

// firstStateDict returns the first state dict under one of the keys, and that key.
func firstStateDict(root *pickle.Dict, keys []string) (*stateDict, string) {
	for _, key := range keys {
		if s := newStateDict(root.Get(key)); s != nil {
			return s, fmt.Sprintf("%q", key)
		}
	}
	return nil, ""
}

// model returns the state dict of the weights as training left them, and where it is.
func (f *torchFile) model() (*stateDict, string, error) {
	root, ok := f.root.(*pickle.Dict)
	if !ok {
		return nil, "", errors.New("it holds no state dict: its top level is no dictionary")
	}
	if s, where := firstStateDict(root, modelKeys); s != nil {
		return s, where, nil
	}
	if s := newStateDict(root); s != nil {
		return s, "its top level", nil
	}
	return nil, "", fmt.Errorf("it holds no state dict: neither its top level has tensors, nor %s",
		strings.Join(modelKeys, ", "))
}

// average returns the state dict of the moving average of the weights and where it is, or nil if the file has none.
// Tensors without an average are those of the model.
func (f *torchFile) average() (*stateDict, string, error) {
	root, ok := f.root.(*pickle.Dict)
	if !ok {
		return nil, "", nil
	}
	model, _, noModel := f.model()
	if ema, ok := root.Get("ema").(*pickle.Dict); ok {
		if shadow, ok := ema.Get("shadow_params").(*pickle.List); ok && len(shadow.Items) > 0 {
			if noModel != nil {
				return nil, "", noModel
			}
			s, err := model.withShadow(shadow.Items)
			return s, `"ema"`, err
		}
	}
	s, where := firstStateDict(root, averageKeys)
	if s == nil || noModel != nil {
		return s, where, nil
	}
	for name, t := range s.tensors {
		if m := model.tensors[name]; m == nil || !slices.Equal(m.shape, t.shape) {
			return nil, "", fmt.Errorf("the average of %.80q, under %s, is not of a tensor of the model", name, where)
		}
	}
	return model.with(s.tensors), where, nil
}

// with returns the state dict with some of its tensors replaced.
func (s *stateDict) with(tensors map[string]*torchTensor) *stateDict {
	result := &stateDict{s.names, make(map[string]*torchTensor, len(s.names))}
	for _, name := range s.names {
		result.tensors[name] = s.tensors[name]
		if t := tensors[name]; t != nil {
			result.tensors[name] = t
		}
	}
	return result
}

// withShadow replaces tensors by the averages that score_sde keeps as a list: one for each trained parameter, in the
// order of the state dict. The tables of noise levels ("sigmas") and Fourier frequencies ("all_modules.0.W") are not
// trained.
func (s *stateDict) withShadow(shadow []any) (*stateDict, error) {
	tensors := map[string]*torchTensor{}
	for _, name := range s.names {
		if name == "sigmas" || name == "all_modules.0.W" {
			continue
		}
		k := len(tensors)
		if k == len(shadow) {
			return nil, fmt.Errorf("its moving average is of %d parameters, its model has more", k)
		}
		t, ok := shadow[k].(*torchTensor)
		if !ok || t.decode == nil || !slices.Equal(t.shape, s.tensors[name].shape) {
			return nil, fmt.Errorf("average %d is not of the shape %v of %.80q, the parameter in its place",
				k, s.tensors[name].shape, name)
		}
		tensors[name] = t
	}
	if len(tensors) < len(shadow) {
		return nil, fmt.Errorf("its moving average is of %d parameters, its model has %d", len(shadow), len(tensors))
	}
	return s.with(tensors), nil
}
