//go:build !amd64

package main

func fmaAVX2(int) { panic("bench: AVX2 on another processor") }
