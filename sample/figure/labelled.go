package figure

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	"strings"
)

// A Row is a line of a sheet.
type Row struct {
	Label    string   // left of the images; may have several lines
	Captions []string // under each image, may have several lines; none, or one for each
	Images   Images
}

const (
	margin    = 8  // pixels around a sheet, right of its labels and under its captions
	legible   = 14 // pixels, the least size of text
	textShare = 12 // text is this many times smaller than an image, where that is legible
)

var paper = color.Gray{224} // white images stand out from it, and so does black text

// Labelled draws a sheet of rows, black text on light gray: each row's label, and
// right of it the images, enlarged scale times (0: AutoScale's for the largest), and
// under these their captions. Rows may differ in the number and the size of their
// images; columns line up. The sheet is an image.Gray when all images are gray,
// else an image.RGBA.
func Labelled(rows []Row, scale int) (image.Image, error) {
	if len(rows) == 0 {
		return nil, errors.New("a sheet has no rows; 1 or more is right")
	}
	height, width, gray := 0, 0, true
	for i, row := range rows {
		if err := row.Images.check(); err != nil {
			return nil, fmt.Errorf("row %d, %q: %w", i+1, row.Label, err)
		}
		if n := len(row.Captions); n != 0 && n != row.Images.N {
			return nil, fmt.Errorf("row %d, %q, has %d captions for %d images; none or one for each is right", i+1, row.Label, n, row.Images.N)
		}
		height, width = max(height, row.Images.Height), max(width, row.Images.Width)
		gray = gray && row.Images.Channels == 1
	}
	scale, err := enlargement(scale, height, width)
	if err != nil {
		return nil, err
	}
	text, err := newText(max(legible, height*scale/textShare))
	if err != nil {
		return nil, err
	}

	// Labels take the widest one's width, columns the widest image's or caption's.
	labels, pitch, columns := 0, width*scale+gap, 0
	for _, row := range rows {
		for line := range strings.SplitSeq(row.Label, "\n") {
			labels = max(labels, text.width(line))
		}
		for _, caption := range row.Captions {
			for line := range strings.SplitSeq(caption, "\n") {
				pitch = max(pitch, text.width(line)+margin)
			}
		}
		columns = max(columns, row.Images.N)
	}
	left := margin
	if labels > 0 {
		left += labels + margin
	}
	total := 2*margin - gap
	for _, row := range rows {
		total += row.height(scale, text.line) + gap
	}
	dst, err := newCanvas(gray, left+columns*pitch-gap+margin, total, paper)
	if err != nil {
		return nil, err
	}

	y := margin
	for _, row := range rows {
		im := row.Images
		lines := strings.Split(row.Label, "\n")
		top := y + max(0, im.Height*scale-len(lines)*text.line)/2
		for i, line := range lines {
			text.draw(dst, line, image.Pt(margin, top+i*text.line))
		}
		for i := range im.N {
			dst.put(im, i, image.Pt(left+i*pitch+(pitch-gap-im.Width*scale)/2, y), scale)
		}
		for i, caption := range row.Captions {
			for l, line := range strings.Split(caption, "\n") {
				text.draw(dst, line, image.Pt(left+i*pitch+(pitch-gap-text.width(line))/2, y+im.Height*scale+l*text.line))
			}
		}
		y += row.height(scale, text.line) + gap
	}
	return dst.Image, nil
}

// height is a row's, in pixels, with text of so many pixels a line.
func (r Row) height(scale, line int) int {
	lines := 0 // of the captions
	for _, caption := range r.Captions {
		lines = max(lines, 1+strings.Count(caption, "\n"))
	}
	h := r.Images.Height * scale
	if lines > 0 {
		h += lines*line + margin
	}
	return max(h, (1+strings.Count(r.Label, "\n"))*line)
}
