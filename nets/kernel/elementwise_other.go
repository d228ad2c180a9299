//go:build !amd64

package kernel

const noAVX2 = "kernel: AVX2 on another processor"

func addAVX2(dst, a, b []float32) { panic(noAVX2) }

func scaleAVX2(dst, a []float32, alpha float32) { panic(noAVX2) }

func dotAVX2(a, b []float32) float64 { panic(noAVX2) }

func squaredErrorAVX2(d, f, target []float32, alpha float32) float64 { panic(noAVX2) }

func expAVX2(dst, x []float32) { panic(noAVX2) }

func siluAVX2(dst, x []float32) { panic(noAVX2) }

func siluBackwardAVX2(dx, x, g []float32) { panic(noAVX2) }

func softmaxAVX2(x []float32, row int, scale float32) { panic(noAVX2) }

func softmaxBackwardAVX2(dx, p, g []float32, row int, scale float32) { panic(noAVX2) }

func affineAVX2(dst, x, scale, shift []float32) { panic(noAVX2) }

func affineSiLUAVX2(dst, x, scale, shift []float32) { panic(noAVX2) }

func affineCombineAVX2(dst, dv, x, a, b, d []float32) { panic(noAVX2) }

func channelSumsAVX2(x []float32, sum []float64) { panic(noAVX2) }

func channelProductsAVX2(x, g []float32, sumG, sumGX []float64) { panic(noAVX2) }

func affineSiLUBackwardAVX2(dv, x, g, scale, shift []float32, sumDv, sumDvX []float64) { panic(noAVX2) }

func adamAVX2(w, g, m, v, ema []float32, gradScale, keep1, take1, keep2, take2, rate, root, epsilon, emaTake float32) {
	panic(noAVX2)
}
