// Package data reads images: from a folder, from a .zip, or from the built-in
// glyphs, brought to one size and to one or three channels. A [Set] gives single
// images, a [Loader] gives the batches of training, step by step.
//
// Images are float32, channel-height-width, in [-1, 1]: an 8-bit value v becomes
// v/127.5 - 1 and a 16-bit value v/32767.5 - 1, in float32 arithmetic.
//
// The package must not know what images are for: no noise, no network, no
// experiment file. It never writes.
package data
