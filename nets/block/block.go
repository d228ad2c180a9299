// Package block holds the parts that the networks have in common: layers with named parameters, residual blocks,
// attention, and the check that a configuration can be built.
//
// A network gives the names, so that its files keep those of the authors. The package knows no network, and nothing of
// files, noise levels or training.
package block

import (
	"fmt"

	"tweedie/nets/layer"
)

// A Builder adds parts to a graph. The parameters of a part are named after it: name.weight and name.bias.
type Builder struct {
	*layer.Graph
	Groups     func(channels int) int // number of groups in group norm
	Epsilon    float64                // of group norm
	ZeroBiases bool                   // biases start at zero; otherwise they are drawn like the weights
	Embedding  *layer.Node            // of the noise level (N, E), input of every residual block
}

// UpTo32 is the usual number of groups: 32, or fewer with 4 channels each.
func UpTo32(channels int) int { return min(32, channels/4) }

// bias returns the first values of the bias in a layer whose weights have init.
func (b Builder) bias(init layer.Init) layer.Init {
	if b.ZeroBiases {
		return layer.Zeros
	}
	return init
}

// Conv is a 3x3 convolution to the given number of channels. It starts with PyTorch's default values.
func (b Builder) Conv(name string, x *layer.Node, out int, o layer.Conv) *layer.Node {
	return b.conv(name, x, out, layer.Uniform(9*x.Channels()), o)
}

// ZeroConv is a 3x3 convolution that starts at zero, so that a residual block which ends with it starts as the
// identity.
func (b Builder) ZeroConv(name string, x *layer.Node, out int, o layer.Conv) *layer.Node {
	return b.conv(name, x, out, layer.Zeros, o)
}

func (b Builder) conv(name string, x *layer.Node, out int, init layer.Init, o layer.Conv) *layer.Node {
	w := b.Parameter(name+".weight", init, out, x.Channels(), 3, 3)
	return b.Conv3x3(x, w, b.Parameter(name+".bias", b.bias(init), out), o)
}

// A Linear holds the options of a linear map of channels.
type Linear struct {
	Axes     int         // axes of length 1 that the weights have besides (out, in): 2 in a 1x1 convolution
	Zero     bool        // starts at zero
	Residual *layer.Node // is added to the result; may be nil
}

// Linear is a linear map to the given number of channels. It starts with PyTorch's default values.
func (b Builder) Linear(name string, x *layer.Node, out int, o Linear) *layer.Node {
	init := layer.Uniform(x.Channels())
	if o.Zero {
		init = layer.Zeros
	}
	shape := []int{out, x.Channels()}
	for range o.Axes {
		shape = append(shape, 1)
	}
	w := b.Parameter(name+".weight", init, shape...)
	return b.Graph.Linear(x, w, b.Parameter(name+".bias", b.bias(init), out), o.Residual)
}

// Norm is group normalisation, with the builder's number of groups and epsilon.
func (b Builder) Norm(name string, x *layer.Node, o layer.Norm) *layer.Node {
	c := x.Channels()
	o.Groups, o.Epsilon = b.Groups(c), b.Epsilon
	if o.Groups < 1 || c%o.Groups != 0 {
		return b.Fail(fmt.Errorf("layer %s has %d channels, which its %d groups cannot divide; "+
			"a base that is a multiple of 32 fits", name, c, o.Groups))
	}
	gamma, beta := b.Parameter(name+".weight", layer.Ones, c), b.Parameter(name+".bias", layer.Zeros, c)
	return b.GroupNorm(x, gamma, beta, o)
}

// Embed sets the embedding of the noise level: two linear maps of e to the given number of channels. The second SiLU is
// here because every residual block would begin with it.
func (b *Builder) Embed(first, second string, e *layer.Node, channels int) {
	e = b.SiLU(b.Linear(first, e, channels, Linear{}))
	b.Embedding = b.SiLU(b.Linear(second, e, channels, Linear{}))
}

// A Residual holds the names of the layers in a residual block, which follow the block's own name, and its options.
type Residual struct {
	Norm1, Conv1, Embed, Norm2, Conv2, Skip string

	ScaleShift    bool // the embedding modulates the second norm; otherwise it is added to the first convolution
	SkipResampled bool // the skip of a block that resamples has a 1x1 convolution even where the channels stay the same
}

// Resample changes the resolution of images.
type Resample func(x *layer.Node) *layer.Node

// Residual is a residual block: two convolutions after norm and SiLU, the embedding of the noise level between them,
// plus x. A 1x1 convolution brings x to the given number of channels if it has another. If resample is not nil, it is
// applied to x and before the first convolution.
func (b Builder) Residual(name string, x *layer.Node, out int, r Residual, resample Resample) *layer.Node {
	first, second := layer.Conv{}, layer.Norm{SiLU: true}
	if r.ScaleShift {
		second.Modulation = b.Linear(name+r.Embed, b.Embedding, 2*out, Linear{})
	} else {
		first.PerImage = b.Linear(name+r.Embed, b.Embedding, out, Linear{})
	}
	h := b.Norm(name+r.Norm1, x, layer.Norm{SiLU: true})
	if resample != nil {
		h, x = resample(h), resample(x)
	}
	h = b.Conv(name+r.Conv1, h, out, first)
	if x.Channels() != out || r.SkipResampled && resample != nil {
		x = b.Linear(name+r.Skip, x, out, Linear{Axes: 2})
	}
	return b.ZeroConv(name+r.Conv2, b.Norm(name+r.Norm2, h, second), out, layer.Conv{Residual: x})
}

// An Attention holds the names of the layers in an attention block, which follow the block's own name, and its options.
type Attention struct {
	Norm, QKV, Out string

	Axes  int // of length 1, that the weights have besides (out, in)
	Heads layer.Heads
}

// Attend is self-attention among the pixels of each image, plus x.
func (b Builder) Attend(name string, x *layer.Node, a Attention) *layer.Node {
	c := x.Channels()
	qkv := b.Linear(name+a.QKV, b.Norm(name+a.Norm, x, layer.Norm{}), 3*c, Linear{Axes: a.Axes})
	return b.Linear(name+a.Out, b.Attention(qkv, a.Heads), c, Linear{Axes: a.Axes, Zero: true, Residual: x})
}

// Skips is the stack of the results on the way down a U-Net, which are concatenated on the way up.
type Skips []*layer.Node

// Push adds a result.
func (s *Skips) Push(h *layer.Node) { *s = append(*s, h) }

// Pop removes and returns the newest result.
func (s *Skips) Pop() *layer.Node {
	last := len(*s) - 1
	h := (*s)[last]
	*s = (*s)[:last]
	return h
}
