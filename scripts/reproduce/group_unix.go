//go:build unix

package main

import "syscall"

var ownGroup = &syscall.SysProcAttr{Setpgid: true}
