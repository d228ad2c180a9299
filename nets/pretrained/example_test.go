package pretrained_test

import (
	"fmt"
	"log"

	"tweedie/nets"
	"tweedie/nets/checkpoint"
	"tweedie/nets/pretrained"
)

// A file of torch.save holds tensors and their names. What it leaves unsaid is assumed: the size of the images and, for
// the default network, what its output means.
func ExampleOpen() {
	denoiser, description, err := pretrained.Open("testdata/tiny.pt", checkpoint.Raw, pretrained.Assume{
		Size: 8, Parameterization: nets.PredictEDM, DataStd: 0.5,
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(description)
	fmt.Printf("images of %d x %d x %d\n", denoiser.Channels, denoiser.Height, denoiser.Width)

	// The mean of all clean images that could have given this noisy one, at sigma = 2.
	noisy, mean := make([]float32, denoiser.Pixels()), make([]float32, denoiser.Pixels())
	for i := range noisy {
		noisy[i] = 1
	}
	if err := denoiser.Denoise(mean, noisy, 2); err != nil {
		log.Fatal(err)
	}
	fmt.Printf("the noisy pixel %.3f becomes %.3f\n", noisy[0], mean[0])
	// Output:
	// this program's U-Net, a PyTorch file, the weights of "model"
	// images of 1 x 8 x 8
	// the noisy pixel 1.000 becomes 0.059
}
