package walk

import (
	"fmt"
	"math"

	"tweedie/nets"
)

// A Guidance is the rule by which a walk follows its likelihood. It adds one term to the step, a direction g_k towards
// images that explain the measurement:
//
//	x_{k+1} = x_k + tau_k (D(x_k, sigma_k) - x_k)/sigma_k^2 + weight_k g_k + sqrt(2 tau_k T_k) n.
//
// Everything else, that is levels, step sizes and temperatures, is the walk's own. The methods of the literature are
// rows of a table. x is x_k, D is D(x_k, sigma_k) and J its Jacobian:
//
//	            g_k                                          weight_k
//	Paper       A^T (y - A x)                                tau_k/eta^2, tau_k at most eta^2
//	Langevin    A^T (y - A x)                                tau_k/(eta^2 + gamma^2 sigma_k^2)
//	DPS         J^T A^T (y - A D)/|y - A D|                  zeta sqrt((1 + sigma_k^2)(1 + sigma_{k+1}^2))
//	DiffPIR     A^T (A A^T + rho_k I)^-1 (y - A D)           tau_k/sigma_k^2,  rho_k = lambda eta^2/sigma_k^2
type Guidance interface {
	// Weigh returns the size and the weight of a step from the level sigma to the next, which is 0 at the last step.
	// tau is the walk's own step size, and eta the standard deviation of the measurement's noise.
	Weigh(tau, sigma, next, eta float64) (size, weight float64)

	// Direct writes g_k to dst, which has the length of at.X.
	Direct(dst []float32, at Point) error
}

// A Point is where a walk is when it asks for a direction.
type Point struct {
	X, Denoised []float32 // x_k and D(x_k, sigma_k), any number of images
	Sigma       float64   // sigma_k
	Denoiser    nets.Denoiser
	Likelihood  Likelihood
}

// Paper is the walk of paper section 5: the gradient of the likelihood at x_k itself, without any approximation. Steps
// are at most eta^2, so that they do not overshoot.
type Paper struct{}

// Weigh implements Guidance.
func (Paper) Weigh(tau, _, _, eta float64) (size, weight float64) {
	size = min(tau, eta*eta)
	return size, size / (eta * eta)
}

// Direct implements Guidance.
func (Paper) Direct(dst []float32, at Point) error { return at.Likelihood.Gradient(dst, at.X) }

func (Paper) String() string { return "the paper's own" }

// Langevin is annealed Langevin dynamics whose likelihood is smoothed together with the prior (Jalal et al. 2021, arXiv
// 2108.01368): at the level sigma_k the measurement's variance is eta^2 + gamma_k^2, gamma_k = Gamma sigma_k. With
// Gamma = 1 and A A^T = I this would be the likelihood of x_k if the noise in x_k did not depend on x_k. The
// publication's walk has T = 1 and the step sizes of NCSN. The authors' code has eta = 0 and Gamma = 1/sqrt(mse), a
// setting of it.
type Langevin struct{ Gamma float64 }

// Weigh implements Guidance.
func (l Langevin) Weigh(tau, sigma, _, eta float64) (size, weight float64) {
	gamma := l.Gamma * sigma
	return tau, tau / (eta*eta + gamma*gamma)
}

// Direct implements Guidance.
func (l Langevin) Direct(dst []float32, at Point) error { return at.Likelihood.Gradient(dst, at.X) }

func (l Langevin) String() string {
	return fmt.Sprintf("annealed Langevin dynamics (Jalal et al. 2021) with gamma = %g", l.Gamma)
}

// DPS is diffusion posterior sampling (Chung et al. 2022, arXiv 2209.14687): p(y | x_k) is approximated by p(y | D),
// which is differentiated through the denoiser. The walk is that of DDPM. After its step, the publication subtracts
//
//	zeta grad_z |y - A D|,  z = sqrt(alphaBar) x,
//
// in the coordinates z of DDPM; hence the square roots of 1 + sigma^2 = 1/alphaBar in the weight. Zeta is called scale
// in the authors' code. Their algorithm 1 has the gradient of the square, with zeta_i = zeta'/|y - A D|, which is twice
// as large: Zeta = 2 zeta'.
//
// The denoiser must be [nets.Differentiable], and the likelihood a [Distancer]. A step takes about the time of three
// calls of the denoiser.
type DPS struct{ Zeta float64 }

// A Distancer is a Likelihood that knows the distance of images to its measurement.
type Distancer interface {
	Likelihood
	// Distances returns |y - A x| of each image of x.
	Distances(x []float32) ([]float64, error)
}

// Weigh implements Guidance.
func (d DPS) Weigh(tau, sigma, next, _ float64) (size, weight float64) {
	return tau, d.Zeta * math.Hypot(1, sigma) * math.Hypot(1, next)
}

// Direct implements Guidance. The direction is zero where y = A D.
func (d DPS) Direct(dst []float32, at Point) error {
	likelihood, ok := at.Likelihood.(Distancer)
	if !ok {
		return fmt.Errorf("DPS needs a likelihood with the method Distances; %T has none", at.Likelihood)
	}
	v := make([]float32, len(at.X))
	if err := likelihood.Gradient(v, at.Denoised); err != nil {
		return err
	}
	distances, err := likelihood.Distances(at.Denoised)
	if err != nil {
		return err
	}
	pixels := len(v) / len(distances)
	for i, distance := range distances {
		if distance > 0 {
			scale(v[i*pixels:][:pixels], v[i*pixels:][:pixels], 1/distance)
		}
	}
	return nets.Pullback(at.Denoiser, dst, at.X, v, at.Sigma)
}

func (d DPS) String() string { return fmt.Sprintf("DPS (Chung et al. 2022) with zeta = %g", d.Zeta) }

// DiffPIR is the plug-and-play method of Zhu et al. 2023 (arXiv 2305.08995): the denoised image gives way to the image
// near it that explains the measurement,
//
//	z = argmin |y - A z|^2/(2 eta^2) + Lambda |z - D|^2/(2 sigma_k^2),
//
// to which the step then goes: tau_k (D - x)/sigma_k^2 + (tau_k/sigma_k^2)(z - D) = tau_k (z - x)/sigma_k^2. The
// publication's walk has the step sizes [Renoise] and the temperatures [RenoiseTemperature]. The last step goes to z,
// as in its algorithm; in the authors' code it goes to D.
//
// The likelihood must be [Proximal], and A linear.
type DiffPIR struct{ Lambda float64 }

// A Proximal is a Likelihood that can find the nearest images which explain its measurement.
type Proximal interface {
	Likelihood
	// Correction writes z - x to dst for each image of x, where z is the minimum of |y - A z|^2 + rho |z - x|^2. It
	// reports a rho that is not positive, and an A that is not linear.
	Correction(dst, x []float32, rho float64) error
}

// Weigh implements Guidance.
func (d DiffPIR) Weigh(tau, sigma, _, _ float64) (size, weight float64) {
	return tau, tau / (sigma * sigma)
}

// Direct implements Guidance.
func (d DiffPIR) Direct(dst []float32, at Point) error {
	likelihood, ok := at.Likelihood.(Proximal)
	if !ok {
		return fmt.Errorf("DiffPIR needs a likelihood with the method Correction; %T has none", at.Likelihood)
	}
	ratio := likelihood.Eta() / at.Sigma
	return likelihood.Correction(dst, at.Denoised, d.Lambda*ratio*ratio)
}

func (d DiffPIR) String() string {
	return fmt.Sprintf("DiffPIR (Zhu et al. 2023) with lambda = %g", d.Lambda)
}
