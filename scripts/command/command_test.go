package command

import (
	"context"
	"errors"
	"flag"
	"io"
	"strings"
	"testing"
)

func TestExitCodes(t *testing.T) {
	stopped, stop := context.WithCancel(t.Context())
	stop()
	for _, c := range []struct {
		args string
		ctx  context.Context
		err  error // of the work
		code int
		says string
	}{
		{"", t.Context(), nil, 0, ""},
		{"-quick", t.Context(), nil, 0, ""},
		{"-help", t.Context(), nil, 0, "usage: of the script"},
		{"-quik", t.Context(), nil, Misused, "-quik"},
		{"quick", t.Context(), nil, Misused, `script: argument "quick": every setting is a flag`},
		{"", t.Context(), errors.New("no space left"), Failed, "script: no space left\n"},
		{"", stopped, stopped.Err(), Interrupted, "run it again to continue"},
	} {
		var quick, done bool
		script := Command{
			Name: "script", Usage: "usage: of the script\n",
			Flags: func(f *flag.FlagSet) { f.BoolVar(&quick, "quick", false, "") },
			Do:    func(context.Context, io.Writer, io.Writer) error { done = true; return c.err },
		}
		var stderr strings.Builder
		code := script.Run(c.ctx, strings.Fields(c.args), io.Discard, &stderr)
		if code != c.code || !strings.Contains(stderr.String(), c.says) {
			t.Errorf("%q: exit code %d and %q, want %d and %q", c.args, code, stderr.String(), c.code, c.says)
		}
		if done != (c.code != Misused && c.args != "-help") || quick != (c.args == "-quick") {
			t.Errorf("%q: done %v, quick %v", c.args, done, quick)
		}
	}
}
