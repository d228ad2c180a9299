package trainer_test

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"log"
	"os"
	"path/filepath"

	"tweedie/experiments"
	"tweedie/nets/registry"
	"tweedie/sample/figure"
	"tweedie/train/trainer"
)

// Train a small network on a folder of images.
func Example_imagesOfYourOwn() {
	photos := stripes() // any folder or .zip of images
	defer os.RemoveAll(photos)

	e, err := experiments.Load("images") // 32 x 32 pixels, in colour
	if err != nil {
		log.Fatal(err)
	}
	e.Data.Path, e.Data.Size = photos, 16
	e.Net.Settings = &registry.UNet{Levels: registry.Levels{Base: 8, Multipliers: []int{1, 2}, Blocks: 1}}
	e.Train.Steps, e.Train.Batch = 4, 4

	result, err := trainer.Run(context.Background(), e, trainer.Options{Folder: "runs/stripes"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("trained", result.Steps, "steps")
	fmt.Println(filepath.ToSlash(result.Checkpoint))
	// Output:
	// trained 4 steps
	// runs/stripes/checkpoints/step-000004.safetensors
}

// stripes writes a few images into a new folder, and makes it the working folder.
func stripes() string {
	folder, err := os.MkdirTemp("", "photos")
	if err != nil {
		log.Fatal(err)
	}
	if err := os.Chdir(folder); err != nil {
		log.Fatal(err)
	}
	for i := range 8 {
		m := image.NewNRGBA(image.Rect(0, 0, 20, 16))
		for p := range 20 * 16 {
			m.Set(p%20, p/20, color.NRGBA{uint8(40 * (p % (i + 2))), uint8(12 * i), 200, 255})
		}
		if err := figure.WritePNG(filepath.Join(folder, fmt.Sprintf("%d.png", i)), m); err != nil {
			log.Fatal(err)
		}
	}
	return folder
}
