// Package layer holds the operators that networks are built of, as Gorgonia operations with symbolic gradients: convolutions,
// linear maps, group norm with SiLU, attention, resampling, concatenation and the loss. They run on the float32 loops of
// package kernel and own the memory of their results.
//
// Activations are NHWC: a node of shape (images, height, width, channels). Parameters have PyTorch's shapes and meaning, so
// that files need no conversion. A Graph is built for one shape; building one per shape over the same Parameters is cheap.
//
// The package knows nothing of noise levels, data or training.
package layer
