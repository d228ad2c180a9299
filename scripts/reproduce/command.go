package main

import (
	"context"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// A command runs the programs of this repository.
type command struct {
	ctx    context.Context
	folder string // of the programs
	stderr io.Writer
}

func (c command) build() error {
	return c.call("go", "build", "-o", c.folder+string(filepath.Separator), "./train", "./sample")
}

// run runs a program of the folder.
func (c command) run(name string, args ...string) error {
	fmt.Fprintf(c.stderr, "\n== go run ./%s %s\n", name, strings.Join(args, " "))
	if err := c.call(filepath.Join(c.folder, name), args...); err != nil {
		return fmt.Errorf("go run ./%s %s: %w", name, strings.Join(args, " "), err)
	}
	return nil
}

// call passes an interrupt on, and waits for the program to save.
func (c command) call(program string, args ...string) error {
	call := exec.CommandContext(c.ctx, program, args...)
	call.Stdout, call.Stderr = c.stderr, c.stderr
	call.SysProcAttr = ownGroup // or a terminal's Ctrl-C would reach it too, and two signals end it at once
	call.Cancel = func() error { return call.Process.Signal(syscall.SIGTERM) }
	call.WaitDelay = time.Minute
	return call.Run()
}
