package registry

import (
	"errors"

	"tweedie/nets/checkpoint"
	"tweedie/nets/unet"
)

var unetNetwork = Network{
	Name:    unet.Name,
	Doc:     "U-Net with attention, which takes ln(sigma) and images of any size",
	New:     func() Settings { return &UNet{} },
	Decode:  decode[unet.Config],
	Formats: []Format{{"this program's U-Net", "down.0.0.conv1.weight", readUNet}},
}

// UNet is the table [net] of the default network.
type UNet struct{ Levels }

// Architecture returns the network for square images.
func (n *UNet) Architecture(channels, side int) Architecture {
	return unet.Config{Channels: channels, Height: side, Width: side,
		Base: n.Base, Multipliers: n.Multipliers, Blocks: n.Blocks, Attention: n.Attention}
}

// readUNet reads the default network as other programs keep it: with the same names of tensors, but no metadata.
func readUNet(f *File) (*Imported, error) {
	if f.Size < 1 {
		return nil, errors.New("the file does not say the size of its images")
	}
	c, err := unet.Infer(checkpoint.Shapes(f.Tensors), f.Size)
	if err == nil {
		err = f.configure(&c)
	}
	return &Imported{Architecture: c, Low: -1, High: 1, Tensors: f.Tensors}, err
}
