package layer

import (
	"os"
	"os/exec"
	"testing"
)

// The kernels choose assembly when the program starts, so the portable ones need a process of their own.
func TestPortableKernelsAgreeWithGorgonia(t *testing.T) {
	const tests = "^(TestAgreesWithGorgonia|TestReuseOfMemoryChangesNothing)$"
	c := exec.Command(os.Args[0], "-test.run="+tests, "-test.count=1")
	c.Env = append(os.Environ(), "GODEBUG=cpu.avx2=off")
	if out, err := c.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
