package unet_test

import (
	"os"
	"os/exec"
	"testing"

	"tweedie/nets/golden"
)

// The kernels choose assembly when the program starts, so the portable ones need a process of their own.
func TestGoldenWithPortableKernels(t *testing.T) {
	golden.Folder(t)
	c := exec.Command(os.Args[0], "-test.run=^TestGolden$", "-test.count=1")
	c.Env = append(os.Environ(), "GODEBUG=cpu.avx2=off")
	if out, err := c.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
