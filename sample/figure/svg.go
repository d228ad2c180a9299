package figure

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"strconv"
	"strings"

	"golang.org/x/image/math/f64"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
)

// sans lists fonts with the widths of Liberation Sans, in which texts are measured.
const sans = "Liberation Sans, Arial, Helvetica, sans-serif"

// A vector is a surface that writes SVG 1.1. A user unit is a dot. gonum's vgsvg is not used because it names one font
// without a substitute, cannot outline text, and declares images to be JPEG.
type vector struct {
	width, height int
	body          bytes.Buffer
	stack         []pen
}

// A pen is the state of drawing, which Push saves and Pop restores.
type pen struct {
	toPage f64.Aff3 // x' = a x + b y + c, y' = d x + e y + f, with y' downwards
	color  color.Color
	width  vg.Length
	dashes []vg.Length
	offset vg.Length
}

func newVector(width, height int) *vector {
	v := &vector{width: width, height: height, stack: []pen{{toPage: f64.Aff3{1, 0, 0, 0, -1, float64(height)}}}}
	vg.Initialize(v)
	return v
}

// document returns the content of the file, with a size in millimetres.
func (v *vector) document() []byte {
	const mm = dpi / 25.4
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" `+
		`width="%smm" height="%smm" viewBox="0 0 %d %d" font-family="%s">`+"\n",
		short(float64(v.width)/mm), short(float64(v.height)/mm), v.width, v.height, sans)
	fmt.Fprintf(&b, `<rect width="%d" height="%d" fill="#FFFFFF"/>`+"\n", v.width, v.height)
	b.Write(v.body.Bytes())
	b.WriteString("</svg>\n")
	return b.Bytes()
}

func (v *vector) pen() *pen { return &v.stack[len(v.stack)-1] }

func (v *vector) Push() { v.stack = append(v.stack, *v.pen()) }
func (v *vector) Pop()  { v.stack = v.stack[:len(v.stack)-1] }

func (v *vector) SetLineWidth(w vg.Length) { v.pen().width = w }
func (v *vector) SetLineDash(dashes []vg.Length, offset vg.Length) {
	v.pen().dashes, v.pen().offset = dashes, offset
}
func (v *vector) SetColor(c color.Color) { v.pen().color = c }

func (v *vector) Translate(by vg.Point) { v.transform(1, 0, 0, 1, by.X.Points(), by.Y.Points()) }
func (v *vector) Scale(x, y float64)    { v.transform(x, 0, 0, y, 0, 0) }
func (v *vector) Rotate(angle float64) {
	sin, cos := math.Sincos(angle)
	v.transform(cos, sin, -sin, cos, 0, 0)
}

// transform makes (x, y) mean (a x + c y + e, b x + d y + f) from now on.
func (v *vector) transform(a, b, c, d, e, f float64) {
	m := v.pen().toPage
	v.pen().toPage = f64.Aff3{
		m[0]*a + m[1]*b, m[0]*c + m[1]*d, m[0]*e + m[1]*f + m[2],
		m[3]*a + m[4]*b, m[3]*c + m[4]*d, m[3]*e + m[4]*f + m[5],
	}
}

func (v *vector) page(p vg.Point) (x, y float64) {
	m := v.pen().toPage
	return m[0]*p.X.Points() + m[1]*p.Y.Points() + m[2], m[3]*p.X.Points() + m[4]*p.Y.Points() + m[5]
}

// point writes p as in path data and lists of coordinates.
func (v *vector) point(p vg.Point) string {
	x, y := v.page(p)
	return short(x) + "," + short(y)
}

func (v *vector) Stroke(p vg.Path) {
	pen := v.pen()
	if pen.width <= 0 {
		return
	}
	dashes := ""
	if len(pen.dashes) > 0 {
		list := make([]string, len(pen.dashes))
		for i, d := range pen.dashes {
			list[i] = short(d.Points())
		}
		dashes = fmt.Sprintf(` stroke-dasharray="%s" stroke-dashoffset="%s"`, strings.Join(list, ","),
			short(pen.offset.Points()))
	}
	fmt.Fprintf(&v.body, `<path d="%s" fill="none" %s stroke-width="%s"%s/>`+"\n", v.data(p),
		paint("stroke", pen.color), short(pen.width.Points()), dashes)
}

func (v *vector) Fill(p vg.Path) {
	fmt.Fprintf(&v.body, `<path d="%s" %s/>`+"\n", v.data(p), paint("fill", v.pen().color))
}

// data writes a path in SVG's notation. Arcs become lines of a twentieth of a turn, which is precise enough for a
// marker.
func (v *vector) data(p vg.Path) string {
	var b strings.Builder
	for _, part := range p {
		switch part.Type {
		case vg.MoveComp:
			b.WriteString("M" + v.point(part.Pos))
		case vg.LineComp:
			b.WriteString("L" + v.point(part.Pos))
		case vg.ArcComp:
			steps := max(1, int(math.Ceil(math.Abs(part.Angle)/(2*math.Pi)*20)))
			for i := range steps + 1 {
				sin, cos := math.Sincos(part.Start + part.Angle*float64(i)/float64(steps))
				command := "L"
				if b.Len() == 0 {
					command = "M"
				}
				arm := vg.Point{X: part.Radius * vg.Length(cos), Y: part.Radius * vg.Length(sin)}
				b.WriteString(command + v.point(part.Pos.Add(arm)))
			}
		case vg.CurveComp:
			b.WriteString([]string{"L", "Q", "C"}[len(part.Control)])
			for _, control := range part.Control {
				b.WriteString(v.point(control) + " ")
			}
			b.WriteString(v.point(part.Pos))
		case vg.CloseComp:
			b.WriteString("Z")
		}
	}
	return b.String()
}

func (v *vector) FillString(f font.Face, at vg.Point, s string) {
	v.text(f, at, s, paint("fill", v.pen().color))
}

func (v *vector) StrokeString(f font.Face, at vg.Point, s string, width vg.Length) {
	v.text(f, at, s, fmt.Sprintf(`aria-hidden="true" fill="none" %s stroke-width="%s" stroke-linejoin="round"`,
		paint("stroke", v.pen().color), short(width.Points())))
}

// text writes a text with its length, so that a viewer with another font keeps the layout.
func (v *vector) text(f font.Face, at vg.Point, s, attributes string) {
	x, y := v.page(at)
	if m := v.pen().toPage; m[3] != 0 {
		attributes += fmt.Sprintf(` transform="rotate(%s %s %s)"`, short(math.Atan2(m[3], m[0])*180/math.Pi),
			short(x), short(y))
	}
	if f.Font.Weight > 0 {
		attributes += ` font-weight="bold"`
	}
	fmt.Fprintf(&v.body, `<text x="%s" y="%s" font-size="%s" textLength="%s" %s>`, short(x), short(y),
		short(f.Font.Size.Points()), short(f.Width(s).Points()), attributes)
	xml.EscapeText(&v.body, []byte(s)) // writing to a buffer does not fail
	v.body.WriteString("</text>\n")
}

// DrawImage embeds m at its own size, for the viewer to enlarge without interpolation. It ignores rotations.
func (v *vector) DrawImage(to vg.Rectangle, m image.Image) {
	var file bytes.Buffer
	if err := png.Encode(&file, m); err != nil {
		panic(err) // impossible: writing to a buffer does not fail, and Images.check refuses images without pixels
	}
	x, y := v.page(vg.Point{X: to.Min.X, Y: to.Max.Y})
	fmt.Fprintf(&v.body, `<image x="%s" y="%s" width="%s" height="%s" preserveAspectRatio="none" `+
		`style="image-rendering:pixelated" xlink:href="data:image/png;base64,%s"/>`+"\n",
		short(x), short(y), short(to.Size().X.Points()), short(to.Size().Y.Points()),
		base64.StdEncoding.EncodeToString(file.Bytes()))
}

// paint writes a color as attributes of a fill or a stroke.
func paint(kind string, c color.Color) string {
	opaque := color.NRGBAModel.Convert(c).(color.NRGBA)
	s := fmt.Sprintf(`%s="#%02X%02X%02X"`, kind, opaque.R, opaque.G, opaque.B)
	if opaque.A < 255 {
		s += fmt.Sprintf(` %s-opacity="%s"`, kind, short(float64(opaque.A)/255))
	}
	return s
}

// short writes a number with two decimals, without trailing zeros.
func short(v float64) string { return strconv.FormatFloat(math.Round(v*100)/100, 'f', -1, 64) }
