package unet_test

import (
	"testing"

	"tweedie/nets/model/modeltest"
	"tweedie/nets/unet"
)

// small is a network with every kind of layer, for images that are padded.
var small = unet.Config{Channels: 2, Height: 11, Width: 9,
	Base: 8, Multipliers: []int{1, 2, 1}, Blocks: 1, Attention: []int{6}}

const smallBatch, smallValues = 3, 3 * 2 * 11 * 9

func TestGradientOfTheLoss(t *testing.T) { modeltest.Gradients(t, small, smallBatch, modeltest.Normal) }
