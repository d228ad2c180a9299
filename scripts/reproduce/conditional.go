package main

import (
	"fmt"

	"tweedie/sample/report"
	"tweedie/sample/result"
)

// Bounds on scores of posteriors that are exact at 1.
var (
	consistent = bound{0.8, 1.2}     // chi-square a value
	calibrated = bound{1 / 1.5, 1.5} // squared error of the samples' mean over what their variance predicts
	narrower   = atMost(1.1)         // variance over that of the prior, which is at least as large on average
)

const changedInFigure3 = "Unlike in the paper, whose images have 256 × 256 pixels: 250 geometric levels from 20 to " +
	"0.02 instead of a sigmoid from 157; ε = 0.1 instead of 0.16 and 0.78; for inpainting 40% of the pixels " +
	"instead of 8%, and η = 0.3 instead of 0.2."

// conditional compares the samples of a walk with a measurement with the claims about posteriors.
func conditional(w result.Walk) []report.Finding {
	value := func(key string) result.Score { return score(w.Scores, key) }
	show := func(key string) string {
		s := value(key)
		return fmt.Sprintf("%.3g ± %.2g", s.Value, (s.High-s.Low)/2)
	}
	images := value("psnr-mean").N
	n := fmt.Sprintf("%d images, %d samples of each; after ±, half the confidence interval of 95%%, by images. ",
		images, w.Samples/max(1, images))
	finding := func(claim, text, verdict string) report.Finding {
		return report.Finding{Claim: w.Name + ": " + claim, Text: paragraphs(n+text, changedInFigure3),
			Verdict: verdict, Experiment: "figure3"}
	}
	above := func(key string, others ...string) string {
		var verdicts []string
		for _, other := range others {
			verdicts = append(verdicts, atLeast(0).test(result.Paired(value(key), value(other)), 1))
		}
		return all(verdicts...)
	}
	return []report.Finding{
		finding("samples are nearer to the truth than the measurement and the best linear estimate.",
			fmt.Sprintf("PSNR in dB: samples %s, measurement %s, best linear estimate %s. The linear estimate is a "+
				"mean; a sample of a posterior errs by up to 3 dB more than its mean. Differences are tested image by "+
				"image, each at 5%%.", show("psnr"), show("psnr-measurement"), show("psnr-linear")),
			above("psnr", "psnr-measurement", "psnr-linear")),
		finding("the mean of samples is nearer to the truth than the best linear estimate.",
			fmt.Sprintf("PSNR in dB: means of the samples %s, best linear estimate %s.", show("psnr-mean"),
				show("psnr-linear")), above("psnr-mean", "psnr-linear")),
		finding("samples agree with the measurement.",
			fmt.Sprintf("Chi-square of y - Ax is %s per measured value; 1 is expected of truth and exact samples "+
				"alike, and %g to %g is taken to be near.", show("chi-square"), consistent.low, consistent.high),
			consistent.test(value("chi-square").Estimate(), 1)),
		finding("samples differ by as much as they are wrong, where the measurement says nothing.",
			fmt.Sprintf("Where A is blind, the squared error of their mean is %s of what their variance predicts, "+
				"which is 1 for exact samples; %.2g to %.2g is taken to be near. Samples that are too much alike have "+
				"more. Of the variance of images, theirs is %s where A sees and %s where it is blind, which may be at "+
				"most %.2g.", show("error-unseen"), calibrated.low, calibrated.high, show("variance-seen"),
				show("variance-unseen"), narrower.high),
			all(calibrated.test(value("error-unseen").Estimate(), 2),
				narrower.test(value("variance-unseen").Estimate(), 2))),
	}
}
