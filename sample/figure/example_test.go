package figure_test

import (
	"fmt"
	"log"
	"math"
	"os"
	"path/filepath"

	"tweedie/sample/figure"
	"tweedie/sample/walk"
)

// rings returns n gray images of 28x28.
func rings(n int) figure.Images {
	im := figure.Images{N: n, Channels: 1, Height: 28, Width: 28}
	for i := range n {
		for p := range 28 * 28 {
			from := math.Hypot(float64(p%28)-13.5, float64(p/28)-13.5)
			im.Pixels = append(im.Pixels, float32(min(1, 2-math.Abs(from-float64(4+i%8)))))
		}
	}
	return im
}

// write stores a picture and prints the files in its folder.
func write(name string, p figure.Picture) {
	folder, err := os.MkdirTemp("", "figures")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)
	files, err := figure.Write(filepath.Join(folder, name), p)
	if err != nil {
		log.Fatal(err)
	}
	for _, file := range files {
		fmt.Println(filepath.Base(file))
	}
}

// levels returns a noise schedule as a curve.
func levels(name string, sigma []float64) figure.Series {
	s := figure.Series{Name: name, Y: sigma}
	for k := range sigma {
		s.X = append(s.X, float64(k)/float64(len(sigma)-1))
	}
	return s
}

func ExampleCurves() {
	write("error", figure.Curves{
		XLabel: "noise level σ",
		YLabel: "mean squared error",
		LogX:   true,
		LogY:   true,
		Series: []figure.Series{
			{Name: "network", X: []float64{0.1, 0.5, 1, 5}, Y: []float64{0.0014, 0.015, 0.039, 0.27}, Marked: true},
			{Name: "linear", X: []float64{0.1, 0.5, 1, 5}, Y: []float64{0.0031, 0.031, 0.078, 0.31}, Marked: true},
		},
		Levels: []figure.Level{{Name: "two halves of the data", Y: 0.001}},
	})
	// Output:
	// error.png
	// error.svg
}

func ExampleHeatMap() {
	maps := figure.SideBySide{}
	for _, title := range []string{"sliced Wasserstein", "Fréchet"} {
		maps.Parts = append(maps.Parts, figure.HeatMap{
			Title:  title,
			XLabel: "ε",
			YLabel: "T₀",
			XTicks: []string{"0.1", "0.4", "0.7"},
			YTicks: []string{"0.1", "1"},
			Values: [][]float64{{0.031, 0.014, 0.022}, {0.044, 0.035, math.NaN()}},
			Best:   "low",
		})
	}
	write("sweep", maps)
	// Output:
	// sweep.png
	// sweep.svg
}

func ExampleCellGrid() {
	write("samples", figure.CellGrid{
		XLabel: "ε",
		YLabel: "T₀",
		XTicks: []string{"0.4", "0.7"},
		YTicks: []string{"0.1", "1"},
		Cells:  [][]figure.Images{{rings(4), rings(4)}, {rings(4), {}}}, // the last walk diverged
	})
	// Output:
	// samples.png
	// samples.svg
}

func ExamplePanels() {
	small := figure.Images{Pixels: make([]float32, 14*14), N: 1, Channels: 1, Height: 14, Width: 14}
	write("posterior", figure.Panels{
		Columns: []string{"Measurement", "Sample 1", "Sample 2", "Ground truth"},
		Rows: []figure.PanelRow{{
			Label:    "SR (2×)",
			Images:   []figure.Images{small, rings(2), rings(1)},
			Overlays: []string{"18.91", "26.81", "27.22", "PSNR"},
		}},
	})
	// Output:
	// posterior.png
	// posterior.svg
}

// This is the layout of the paper's figure 2.
func ExampleSamples() {
	write("models", figure.SideBySide{Parts: []figure.Picture{
		figure.Samples{Images: rings(8), Label: "Random walks with VP diffusion model"},
		figure.Samples{Images: rings(8), Label: "Random walks with VE diffusion model"},
	}})
	// Output:
	// models.png
	// models.svg
}

// This is the layout of the paper's figure 1.
func ExampleSideBySide() {
	write("schedules", figure.SideBySide{Parts: []figure.Picture{
		figure.Curves{
			XLabel: "k/K",
			YLabel: "noise level σₖ",
			Width:  1.5,
			Series: []figure.Series{
				levels("pretrained", walk.Pretrained(1000)),
				levels("sigmoid", walk.Sigmoid(157.407, 0.01, 100)),
				levels("linear", walk.Linear(157.407, 0.01, 1000)),
			},
		},
		figure.Samples{Images: rings(9), Label: "Pretrained schedule", Color: figure.Color(0)},
		figure.Samples{Images: rings(9), Label: "Sigmoid schedule", Color: figure.Color(1)},
		figure.Samples{Images: rings(9), Label: "Linear schedule", Color: figure.Color(2)},
	}})
	// Output:
	// schedules.png
	// schedules.svg
}
