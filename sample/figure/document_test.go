package figure

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image"
	"io"
	"strings"
	"testing"
)

// A document is the parts of an SVG that tests read.
type document struct {
	ViewBox string `xml:"viewBox,attr"`
	Width   string `xml:"width,attr"`
	Texts   []struct {
		Size      float64 `xml:"font-size,attr"`
		Length    float64 `xml:"textLength,attr"`
		X         float64 `xml:"x,attr"`
		Y         float64 `xml:"y,attr"`
		Weight    string  `xml:"font-weight,attr"`
		Transform string  `xml:"transform,attr"`
		Text      string  `xml:",chardata"`
	} `xml:"text"`
	Images []struct {
		X      int    `xml:"x,attr"`
		Y      int    `xml:"y,attr"`
		Width  int    `xml:"width,attr"`
		Height int    `xml:"height,attr"`
		Style  string `xml:"style,attr"`
		Source string `xml:"href,attr"`
	} `xml:"image"`
	Paths []struct {
		Data   string `xml:"d,attr"`
		Stroke string `xml:"stroke,attr"`
		Dashes string `xml:"stroke-dasharray,attr"`
	} `xml:"path"`
}

func (d document) has(text string) bool {
	for _, t := range d.Texts {
		if t.Text == text {
			return true
		}
	}
	return false
}

// both draws a picture in both formats.
func both(t *testing.T, p Picture) (image.Image, document) {
	t.Helper()
	m, err := PNG(p)
	if err != nil {
		t.Fatal(err)
	}
	text, err := SVG(p)
	if err != nil {
		t.Fatal(err)
	}
	var d document
	if err := xml.Unmarshal(text, &d); err != nil {
		t.Fatal(err)
	}
	decoder := xml.NewDecoder(bytes.NewReader(text))
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		if start, ok := token.(xml.StartElement); ok {
			for _, a := range start.Attr {
				if a.Name.Local == "href" && !strings.HasPrefix(a.Value, "data:") || strings.Contains(a.Value, "url(") {
					t.Errorf("the SVG refers to %.60s", a.Value)
				}
			}
		}
	}
	return m, d
}
