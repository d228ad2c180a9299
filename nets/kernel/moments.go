package kernel

import "slices"

// blockRows is how many rows a channel is summed over in float32 before it joins a float64 sum. Blocks are counted from
// the start of the slice, so callers who want the same bits whatever the batch give one image at a time.
const blockRows = 64

// ChannelSums adds to sum the sum over the rows of x, the gradient of a bias.
func ChannelSums(x []float32, sum []float64) {
	channels := len(sum)
	wholeRows("ChannelSums", len(x), channels)
	if useAVX2 {
		for block := range slices.Chunk(x, blockRows*channels) {
			channelSumsAVX2(block, sum)
		}
		return
	}
	for i := 0; i < len(x); i += channels {
		for c, v := range x[i:][:channels] {
			sum[c] += float64(v)
		}
	}
}

// ChannelMoments adds to sum the sum over the rows of x and to sumSquares that of x^2.
func ChannelMoments(x []float32, sum, sumSquares []float64) { AffineBackward(x, x, sum, sumSquares) }
