package tensorboard

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
	"time"

	"google.golang.org/protobuf/encoding/protowire"
)

// The numbers of the fields used, from TensorFlow's event.proto and summary.proto.
const (
	eventWallTime    protowire.Number = 1 // double, seconds since 1970
	eventStep        protowire.Number = 2 // int64
	eventFileVersion protowire.Number = 3 // string
	eventSummary     protowire.Number = 5 // Summary

	summaryValue protowire.Number = 1 // repeated Summary.Value

	valueTag    protowire.Number = 1 // string
	valueScalar protowire.Number = 2 // float
	valueImage  protowire.Number = 4 // Summary.Image

	imageHeight     protowire.Number = 1 // int32
	imageWidth      protowire.Number = 2 // int32
	imageColorspace protowire.Number = 3 // int32: 1 gray, 3 RGB, 4 RGBA
	imageEncoded    protowire.Number = 4 // bytes
)

// fileVersion is the Event that every file begins with.
func fileVersion(now time.Time) []byte {
	return appendBytes(appendTime(nil, now), eventFileVersion, []byte("brain.Event:2"))
}

// summary is an Event with one Summary.Value.
func summary(now time.Time, step int64, value []byte) []byte {
	b := appendInt(appendTime(nil, now), eventStep, step)
	return appendBytes(b, eventSummary, appendBytes(nil, summaryValue, value))
}

// scalar is a Summary.Value with a number.
func scalar(tag string, value float64) []byte {
	b := appendBytes(nil, valueTag, []byte(tag))
	b = protowire.AppendTag(b, valueScalar, protowire.Fixed32Type)
	return protowire.AppendFixed32(b, math.Float32bits(float32(value)))
}

// picture is a Summary.Value with an image.
func picture(tag string, img image.Image) ([]byte, error) {
	var encoded bytes.Buffer
	if err := png.Encode(&encoded, img); err != nil {
		return nil, err
	}
	size := img.Bounds().Size()
	b := appendInt(nil, imageHeight, int64(size.Y))
	b = appendInt(b, imageWidth, int64(size.X))
	b = appendInt(b, imageColorspace, colorspace(img))
	b = appendBytes(b, imageEncoded, encoded.Bytes())
	return appendBytes(appendBytes(nil, valueTag, []byte(tag)), valueImage, b), nil
}

func colorspace(img image.Image) int64 {
	if m := img.ColorModel(); m == color.GrayModel || m == color.Gray16Model {
		return 1
	}
	if m, ok := img.(interface{ Opaque() bool }); ok && m.Opaque() {
		return 3
	}
	return 4
}

func appendTime(b []byte, now time.Time) []byte {
	b = protowire.AppendTag(b, eventWallTime, protowire.Fixed64Type)
	return protowire.AppendFixed64(b, math.Float64bits(float64(now.UnixNano())/1e9))
}

func appendInt(b []byte, field protowire.Number, v int64) []byte {
	return protowire.AppendVarint(protowire.AppendTag(b, field, protowire.VarintType), uint64(v))
}

func appendBytes(b []byte, field protowire.Number, v []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(b, field, protowire.BytesType), v)
}
