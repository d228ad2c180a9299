package experiments

import (
	"tweedie/experiments/strict"
	"tweedie/sample/walk"
)

// Method is a measurement's table method: how the walk follows the measurement. The zero Method is the paper's own.
type Method struct {
	Kind   string
	Zeta   float64 // of "dps"
	Lambda float64 // of "diffpir"
	Gamma  float64 // of "langevin"
}

var methods = strict.Menu[Method, func(m Method) walk.Guidance]{
	"paper": {
		Doc:   "(tau_k/eta^2) A^T (y - A x_k), with tau_k at most eta^2 (paper section 5)",
		Build: func(Method) walk.Guidance { return walk.Paper{} },
	},
	"langevin": {
		Doc: "tau_k/(eta^2 + gamma^2 sigma_k^2) A^T (y - A x_k) (Jalal et al. 2021); " +
			"the publication's walk is like the preset `ncsn`",
		Keys: func(m *Method) []strict.Field {
			return []strict.Field{strict.Optional("gamma", &m.Gamma, 1, strict.AtLeast(0.)).
				Doc("factor of sigma_k in the smoothed likelihood")}
		},
		Build: func(m Method) walk.Guidance { return walk.Langevin{Gamma: m.Gamma} },
	},
	"dps": {
		Doc: "zeta times the gradient, through the denoiser, of minus the distance between y and A D(x_k, sigma_k); " +
			"a step takes about three times as long (Chung et al. 2022); the publication's walk is the preset `ddpm`",
		Keys: func(m *Method) []strict.Field {
			return []strict.Field{strict.Required("zeta", &m.Zeta, strict.Positive).
				Doc("step size in the coordinates of DDPM; `scale` in the authors' code")}
		},
		Build: func(m Method) walk.Guidance { return walk.DPS{Zeta: m.Zeta} },
	},
	"diffpir": {
		Doc: "the denoised image D is replaced by the z that minimises (y - A z)^2/eta^2 + " +
			"lambda (z - D)^2/sigma_k^2, for a linear A (Zhu et al. 2023); " +
			"the publication's walk is the preset `diffpir`",
		Keys: func(m *Method) []strict.Field {
			return []strict.Field{strict.Optional("lambda", &m.Lambda, 1, strict.Positive).
				Doc("weight of the denoised image beside the measurement")}
		},
		Build: func(m Method) walk.Guidance { return walk.DiffPIR{Lambda: m.Lambda} },
	},
}

// Fields are the keys of method.
func (m *Method) Fields() []strict.Field { return methods.Fields(&m.Kind, m) }

// guidance returns the method's rule for walks; nil, which is the paper's, for the zero Method.
func (m Method) guidance() (walk.Guidance, error) {
	if m.Kind == "" {
		return nil, nil
	}
	build, err := methods.Find(m.Kind)
	if err != nil {
		return nil, err
	}
	return build(m), nil
}
