package pretrained_test

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"tweedie/nets/checkpoint"
	"tweedie/nets/pretrained"
)

// claiming writes a checkpoint of a few hundred bytes, with one small tensor, whose metadata claim a network.
func claiming(t *testing.T, network, config string) (path string) {
	t.Helper()
	header := fmt.Sprintf(`{"__metadata__":{"version":"1","network":%q,"config":%q,"parameterization":"edm",`+
		`"data_std":"1",`+
		`"range":"[-1,1]","channels":"1","height":"8","width":"8","step":"1","seed":"1","experiment":""},`+
		`"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}`, network, config)
	content := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	path = filepath.Join(t.TempDir(), "step-000001.safetensors")
	if err := os.WriteFile(path, append(append(content, header...), 0, 0, 0, 0), 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

// A configuration is data from outside. Whatever network it claims, the file is opened or refused with little memory:
// for a list of the layers, but not for their parameters.
func TestAFileThatClaimsAHugeNetwork(t *testing.T) {
	const size = `{"channels":1,"height":8,"width":8,`
	for name, tt := range map[string]struct{ network, config, says string }{
		"wide": {"unet", size + `"base":1048576,"multipliers":[1],"blocks":1}`,
			"base is 1048576, want 1 to 65536"},
		"as wide as allowed": {"unet", size + `"base":65536,"multipliers":[1],"blocks":1}`, "missing"},
		"deep": {"unet", size + `"base":32,"multipliers":[1],"blocks":1000000000}`,
			"blocks is 1000000000, want 1 to 64"},
		"as deep as allowed": {"unet", size + `"base":32,"multipliers":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1],"blocks":64}`,
			"missing"},
		"many levels": {"unet", size + `"base":32,"multipliers":[` + strings.Repeat("1,", 64) + `1],"blocks":1}`,
			"there are 65 multipliers, want 1 to 16"},
		"overflow": {"unet", size + `"base":4611686018427387904,"multipliers":[4],"blocks":1}`, "base is"},
		"negative": {"unet", size + `"base":-32,"multipliers":[1],"blocks":1}`, "base is -32"},
		"large images": {"unet",
			`{"channels":1,"height":1000000000,"width":1000000000,"base":32,"multipliers":[1],"blocks":1}`,
			"1 to 65536 pixels"},
		"adm": {"adm", size + `"model_channels":1048576,"multipliers":[1],"blocks":1,"heads":1}`, "base is 1048576"},
		"ncsnpp": {"ncsnpp", size + `"nf":1048576,"multipliers":[1],"blocks":1,"fir":[1,3,3,1],"fourier_scale":16}`,
			"base is 1048576"},
		"no object": {"unet", `[]`, "configuration of the unet"},
	} {
		t.Run(name, func(t *testing.T) {
			path := claiming(t, tt.network, tt.config)
			for _, open := range []func() error{
				func() error { _, _, err := pretrained.Open(path, checkpoint.Raw, pretrained.Assume{}); return err },
				func() error { _, _, err := pretrained.Import(path, pretrained.Assume{}); return err },
			} {
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				err := open()
				runtime.ReadMemStats(&after)
				if err == nil || strings.Contains(err.Error(), "\n") ||
					!strings.Contains(err.Error(), tt.says) || !strings.Contains(err.Error(), path) {
					t.Errorf("error %v, want one line with %q and the path", err, tt.says)
				}
				if taken := after.TotalAlloc - before.TotalAlloc; taken > 96<<20 {
					t.Errorf("it took %d MiB", taken>>20)
				}
			}
		})
	}
}
