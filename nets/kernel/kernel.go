// Package kernel holds the float32 loops under the networks: matrix products, convolutions, normalisation, activations
// and the optimizer's update, over plain slices. Each is portable Go beside an AVX2+FMA version that is chosen at run time;
// a test runs both on the same inputs. Activations are NHWC: rows of channels, one row a pixel.
//
// Results have the same bits on any number of cores: work is cut by the shape of the problem and sums have a fixed order.
//
// The package knows nothing of graphs, networks or images, and imports nothing of this module.
package kernel
