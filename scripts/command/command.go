// Package command is what scripts have in common that take long: flags, Ctrl-C and exit codes. Each keeps what is
// finished, and goes on from there when it is run again.
//
// The package must not know what a script does.
package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// Exit codes, beside 0.
const (
	Failed      = 1
	Misused     = 2
	Interrupted = 130
)

// A Command is a script. Every setting is a flag.
type Command struct {
	Name  string                // in messages
	Usage string                // what -help prints before the flags
	Flags func(f *flag.FlagSet) // defines the flags

	// Do does the work, after the flags have been read. It ends with ctx's error if that is done.
	Do func(ctx context.Context, stdout, stderr io.Writer) error
}

// Main runs the command with the arguments of the process, and exits. Ctrl-C ends the context, and a second one the
// process.
func (c Command) Main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	os.Exit(c.Run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// Run is Main without the process around it, and returns the exit code.
func (c Command) Run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet(c.Name, flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprint(stderr, c.Usage)
		flags.PrintDefaults()
	}
	c.Flags(flags)
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return 0
	} else if err != nil {
		return Misused
	}
	if flags.NArg() > 0 {
		fmt.Fprintf(stderr, "%s: argument %q: every setting is a flag; see -help\n", c.Name, flags.Arg(0))
		return Misused
	}
	switch err := c.Do(ctx, stdout, stderr); {
	case errors.Is(err, context.Canceled):
		fmt.Fprintf(stderr, "%s: interrupted; run it again to continue\n", c.Name)
		return Interrupted
	case err != nil:
		fmt.Fprintf(stderr, "%s: %v\n", c.Name, err)
		return Failed
	}
	return 0
}
