package registry

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"tweedie/experiments/strict"
	"tweedie/nets"
	"tweedie/nets/checkpoint"
	"tweedie/nets/model"
)

// trainable holds, for each network, values of [net] and the configuration in a checkpoint that they stand for. The
// keys of the configuration must not change, since they are in checkpoints that exist.
var trainable = map[string]struct {
	values map[string]any
	config string
}{
	"unet": {
		map[string]any{"base": int64(16), "multipliers": []any{int64(1), int64(2)}, "attention": []any{int64(4)}},
		`{"channels":3,"height":8,"width":8,"base":16,"multipliers":[1,2],"blocks":2,"attention":[4]}`,
	},
	"adm": {
		map[string]any{"base": int64(32), "multipliers": []any{int64(1), int64(2)}, "heads": int64(2),
			"blocks": int64(1), "new_order": true, "scale_shift": false, "resblock_updown": false},
		`{"channels":3,"height":8,"width":8,"model_channels":32,"multipliers":[1,2],"blocks":1,"attention":[],` +
			`"heads":2,"head_channels":0,"new_order":true,"scale_shift":false,"resblock_updown":false,` +
			`"learned_variance":false}`,
	},
	"ncsnpp": {
		map[string]any{"base": int64(16), "multipliers": []any{int64(1), int64(2)}, "fourier_scale": 4.},
		`{"channels":3,"height":8,"width":8,"nf":16,"multipliers":[1,2],"blocks":2,"attention":[],` +
			`"centered":true,"fir":[1,3,3,1],"fourier_scale":4}`,
	},
}

// A checkpoint gives back the network that [net] describes, and so do the names and shapes of its tensors.
func TestEveryNetworkComesBack(t *testing.T) {
	for _, n := range All() {
		t.Run(n.Name, func(t *testing.T) {
			if _, ok := trainable[n.Name]; !ok {
				t.Fatal("its values of [net] are missing above")
			}
			settings := n.New()
			if wrong := strict.Fill(trainable[n.Name].values, settings); len(wrong) > 0 {
				t.Fatal(wrong)
			}
			a := settings.Architecture(3, 8)
			if err := a.Validate(); err != nil || a.Kind() != n.Name {
				t.Fatalf("network %q, error %v", a.Kind(), err)
			}
			config, err := json.Marshal(a)
			if err != nil {
				t.Fatal(err)
			}
			if want := trainable[n.Name].config; string(config) != want {
				t.Errorf("configuration %s, want %s", config, want)
			}
			if back, err := Decode(n.Name, config); err != nil || !reflect.DeepEqual(back, a) {
				t.Errorf("from a checkpoint: %+v, error %v, want %+v", back, err, a)
			}
			m, err := model.Build(a)
			if err != nil {
				t.Fatal(err)
			}
			tensors := map[string]checkpoint.Tensor{}
			for name, shape := range m.Parameters.Shapes() {
				tensors[name] = checkpoint.Tensor{Shape: shape} // import looks at shapes alone
			}
			imported, err := Import(&File{Tensors: tensors, Assume: Assume{Size: 8, Parameterization: nets.PredictEDM,
				Config: assumed(t, n, config)}})
			if err != nil {
				t.Fatal(err)
			}
			text, err := json.Marshal(imported.Architecture)
			if err != nil {
				t.Fatal(err)
			}
			if string(text) != string(config) {
				t.Errorf("from its tensors: %s, want %s", text, config)
			}
		})
	}
}

// assumed returns the settings of a configuration that tensors do not determine, as Assume.Config takes them.
func assumed(t *testing.T, n Network, config json.RawMessage) json.RawMessage {
	t.Helper()
	all := map[string]any{}
	if n.Undetermined != nil {
		settings := n.Undetermined()
		if err := json.Unmarshal(config, settings); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(Config([]Undetermined{settings}), &all); err != nil {
			t.Fatal(err)
		}
	}
	if n.Name == "ncsnpp" { // the scale of the initial frequencies, which sampling does not need
		all["fourier_scale"] = 4
	}
	text, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// Names, marks and keys tell the networks apart.
func TestNoTwoNetworksShareAName(t *testing.T) {
	seen := map[string]bool{}
	once := func(kind, name string) {
		if seen[kind+name] {
			t.Errorf("%s %q is used twice", kind, name)
		}
		seen[kind+name] = true
	}
	for _, n := range All() {
		once("name", n.Name)
		for _, f := range n.Formats {
			once("mark", f.Mark)
		}
		if n.Undetermined != nil {
			for key := range reflect.TypeOf(n.Undetermined()).Elem().NumField() {
				once("key", reflect.TypeOf(n.Undetermined()).Elem().Field(key).Tag.Get("json"))
			}
		}
	}
}

func TestParameterizations(t *testing.T) {
	for _, tt := range []struct {
		network string
		p       nets.Kind
		right   bool
	}{
		{"unet", nets.PredictEDM, true}, {"adm", nets.PredictEpsilon, true}, {"ncsnpp", nets.PredictVEScore, true},
		{"unet", nets.PredictVEScore, false}, {"ncsnpp", nets.PredictEDM, false},
	} {
		err := CheckParameterization(tt.network, tt.p)
		if (err == nil) != tt.right || err != nil && !strings.Contains(err.Error(), "go together") {
			t.Errorf("%s with %s: error %v", tt.network, tt.p, err)
		}
	}
}

func TestUndeterminedSettings(t *testing.T) {
	all := NewUndetermined()
	if c := Config(all); c != nil {
		t.Errorf("nothing is assumed, but the configuration is %s", c)
	}
	for _, s := range all {
		values := map[string]any{}
		for key, value := range map[string]any{"heads": int64(4), "centered": true} {
			if wrong := strict.Fill(map[string]any{key: value}, s); len(wrong) == 0 {
				values[key] = value
			}
		}
		if wrong := strict.Fill(values, s); len(wrong) > 0 {
			t.Error(wrong)
		}
	}
	if c := string(Config(all)); c != `{"centered":true,"heads":4}` {
		t.Errorf("configuration %s", c)
	}
}
