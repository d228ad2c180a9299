package main

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"
)

func TestInterrupted(t *testing.T) {
	file := newRun(t)
	for _, args := range [][]string{nil, {"-evaluate", "validation"}} {
		ctx, stop := context.WithCancel(t.Context())
		stop()
		var stdout, stderr bytes.Buffer
		if code := run(ctx, args, &stdout, &stderr); code != 130 {
			t.Errorf("sample %q: exit code %d, want 130", args, code)
		}
		if stdout.Len() > 0 || !strings.HasSuffix(stderr.String(), "sample: interrupted\n") {
			t.Errorf("sample %q: printed %q and %q", args, stdout.String(), stderr.String())
		}
	}
	if _, err := os.Stat(file); err != nil {
		t.Error(err)
	}
}
