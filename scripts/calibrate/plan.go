package main

// A plan is how much is computed.
type plan struct {
	folder         string // below runs
	pairs, samples int    // (x, y) of a problem, and samples for each y; half as many for the slow priors

	lawSteps  []int // K of the laws of Gaussian walks, which take no samples
	lawMap    []int // K of their maps
	steps     int   // K of the methods that are compared
	problems  []problem
	modeSteps []int // K of the sweep on the mixture

	training int   // steps of the network
	netSteps []int // K of the walks with the network
	netPairs int
}

// everywhere returns problems of a prior with all operators and etas.
func everywhere(prior string) (all []problem) {
	for _, operator := range operators {
		for _, eta := range etas {
			all = append(all, problem{prior, operator, eta})
		}
	}
	return all
}

// full takes ten minutes on two cores.
var full = plan{
	folder: "calibration", pairs: 64, samples: 31,
	lawSteps: []int{30, 100, 300, 1000, 3000, 10000}, lawMap: []int{30, 100, 300, 1000, 3000},
	steps: 300,
	problems: append(everywhere("mixture-16"),
		problem{"gaussian-16", "super-resolution", 0.2},
		problem{"gaussian-64", "super-resolution", 0.2},
		problem{"mixture-64", "inpainting", 0.2},
		problem{"mixture-64", "super-resolution", 0.2},
		problem{"mixture-64", "compressed sensing", 0.2},
		problem{"images", "inpainting", 1},
		problem{"images", "super-resolution", 1},
		problem{"images", "compressed sensing", 1},
		problem{"jumps", "denoising", 1},
		problem{"jumps", "inpainting", 0.2},
	),
	modeSteps: []int{30, 100, 300, 1000, 3000},
	training:  3000, netSteps: []int{30, 100, 300, 1000}, netPairs: 32,
}

// brief takes two minutes.
var brief = plan{
	folder: "calibration-quick", pairs: 48, samples: 15,
	lawSteps: []int{30, 100, 300, 1000, 3000}, lawMap: []int{30, 100, 300, 1000},
	steps: 100,
	problems: []problem{
		{"gaussian-16", "super-resolution", 0.2},
		{"mixture-16", "inpainting", 0.2},
		{"mixture-16", "super-resolution", 0.2},
		{"mixture-16", "compressed sensing", 1},
		{"images", "super-resolution", 1},
		{"jumps", "inpainting", 0.2},
	},
	modeSteps: []int{30, 100, 300},
	training:  300, netSteps: []int{30, 100}, netPairs: 24,
}
