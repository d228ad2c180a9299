package kind

import (
	"fmt"
	"slices"

	"tweedie/experiments/strict"
	"tweedie/sample/figure"
	"tweedie/sample/inverse"
	"tweedie/sample/metric"
)

// posterior shows, for some measured images of each walk, the measurement, the samples, their mean and standard
// deviation, and the truth. Images have their PSNR on them.
type posterior struct {
	walkNames
	Images int // measured images of each walk
}

func (p *posterior) Fields() []strict.Field {
	return []strict.Field{
		p.walkNames.field(),
		strict.Optional("images", &p.Images, 1, strict.AtLeast(1)).Doc("measured images of each walk, one in a row"),
	}
}

// walks returns the walks that are named, or all with a measurement.
func (p *posterior) walks(o *Outline) []int {
	chosen := p.walkNames.walks(o)
	if len(p.Walks) == 0 {
		chosen = slices.DeleteFunc(chosen, func(i int) bool { return o.Walks[i].Posterior == 0 })
	}
	return chosen
}

func (p *posterior) Check(o *Outline, complain func(key, message string)) {
	if !p.walkNames.check(o, complain) {
		return
	}
	chosen := p.walks(o)
	if len(chosen) == 0 {
		complain("kind", "needs a walk with a measurement")
	}
	for _, i := range chosen {
		if w := o.Walks[i]; w.Posterior == 0 {
			complain("walks", fmt.Sprintf("%q has no measurement, and so no posterior", w.Table))
			return
		}
	}
	if err := sameNumber(o, chosen); err != nil {
		complain("walks", err.Error())
	}
}

// sameNumber returns an error unless the walks draw the same number of samples for each image: the figure has a column
// for each.
func sameNumber(o *Outline, walks []int) error {
	for _, i := range walks {
		if w, others := o.Walks[i], o.Walks[walks[0]].Posterior; w.Posterior != others {
			return fmt.Errorf("walk %s has %d samples of a posterior, and others of the figure %d: they must agree",
				w.Name, w.Posterior, others)
		}
	}
	return nil
}

func (p *posterior) Draw(r *Results) ([]Part, error) {
	chosen := p.walks(r.Outline)
	if err := sameNumber(r.Outline, chosen); err != nil {
		return nil, err
	}
	columns := []string{"measurement"}
	for k := range r.Walks[chosen[0]].Posterior {
		columns = append(columns, fmt.Sprintf("sample %d", k+1))
	}
	panels := figure.Panels{Columns: append(columns, "mean", "std. deviation", "ground truth")}
	for _, i := range chosen {
		all := r.Done[i].Posteriors
		if len(all) < p.Images {
			r.note("shows all %d images of walk %s, fewer than images = %d", len(all), r.Walks[i].Name, p.Images)
		}
		for _, measured := range all[:min(p.Images, len(all))] {
			row, err := panelRow(measured)
			if err != nil {
				return nil, err
			}
			row.Label = r.Walks[i].Name
			panels.Rows = append(panels.Rows, row)
		}
	}
	alt := fmt.Sprintf("%s%s, of %s: the measurement, %s, their mean and standard deviation, and the truth.",
		Counted(len(panels.Rows), "measured image"), r.of(), named(r.Outline, chosen),
		Counted(r.Walks[chosen[0]].Posterior, "sample"))
	return onePart(panels, alt), nil
}

// panelRow makes the row of one measured image.
func panelRow(p metric.Posterior) (row figure.PanelRow, err error) {
	shape := p.Operator.Image()
	show := func(x []float32, overlay string) {
		row.Images = append(row.Images, figure.Images{
			Pixels: x, N: 1, Channels: shape.Channels, Height: shape.Height, Width: shape.Width})
		row.Overlays = append(row.Overlays, overlay)
	}
	compare := func(x []float32) {
		psnr, wrong := metric.PSNR(x, p.Truth)
		if wrong != nil {
			err = wrong
		}
		show(x, fmt.Sprintf("%.2f", psnr))
	}
	mean, deviation, greatest := p.Moments()
	compare(inverse.Show(p.Operator, p.Y))
	for x := range slices.Chunk(p.Samples, shape.Len()) {
		compare(x)
	}
	compare(mean)
	show(deviation, fmt.Sprintf("≤ %.2g", greatest))
	show(p.Truth, "PSNR, dB")
	return row, err
}
