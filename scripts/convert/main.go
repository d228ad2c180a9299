// Command convert turns a file of trained weights into a safetensors file from which this program samples and which
// other programs can read. The input is a PyTorch file, a safetensors file, or a checkpoint of this program, of which
// one set of weights is kept.
//
// It must not know any network or file format: it asks the packages that do.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"tweedie/nets"
	"tweedie/nets/checkpoint"
	"tweedie/nets/pretrained"
)

const usage = `usage: go run ./scripts/convert [flags] IN OUT.safetensors

Reads the weights in IN, whatever its name: what torch.save writes (.pt, .pth, .ckpt, .bin), safetensors, or a
checkpoint of this program. OUT has the same tensors under their own names, and in its metadata what sampling needs:
go run ./sample -checkpoint OUT. PyTorch reads it with safetensors.torch.load_file(OUT).

  go run ./scripts/convert model.pt model.safetensors
  go run ./scripts/convert runs/glyphs/checkpoints/step-002000.safetensors glyphs.safetensors
  go run ./scripts/convert -tensors anything.pt anything.safetensors

`

// Exit codes.
const (
	failed  = 1
	misused = 2
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// options are the flags and arguments.
type options struct {
	assume  pretrained.Assume
	tensors bool
	in, out string
}

func run(args []string, stdout, stderr io.Writer) int {
	o, err := parse(args, stdout)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err != nil {
		fmt.Fprintf(stderr, "convert: %v; see -help\n", err)
		return misused
	}
	if err := o.convert(stdout); err != nil {
		fmt.Fprintf(stderr, "convert: %v\n", err)
		return failed
	}
	return 0
}

func parse(args []string, stdout io.Writer) (o options, err error) {
	flags := flag.NewFlagSet("convert", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.Usage = func() {}
	weights := flags.String("weights", "",
		"`which`: ema, the moving average, or raw (default ema where the file has it)")
	flags.BoolVar(&o.tensors, "tensors", false, "write the tensors of any network, and no metadata: not for sampling")
	flags.IntVar(&o.assume.Size, "size", 0,
		"`pixels` on each side of the network's images, where the file does not say")
	parameterization := flags.String("parameterization", "",
		"what the output `means`, where the file does not say: denoiser, score, epsilon or edm")
	flags.Float64Var(&o.assume.DataStd, "data-std", 0,
		"standard `deviation` of the data's pixels, for all parameterizations but epsilon")
	config := flags.String("config", "",
		"a JSON `object`: settings of the network that its tensors do not tell, or tell wrongly")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stdout, usage)
		flags.SetOutput(stdout)
		flags.PrintDefaults()
		return o, err
	} else if err != nil {
		return o, err
	}
	o.assume.Parameterization = nets.Kind(*parameterization)
	var ok bool
	switch o.assume.Weights, ok = map[string]string{"": "", "ema": checkpoint.EMA, "raw": checkpoint.Raw}[*weights]; {
	case !ok:
		return o, fmt.Errorf("-weights %q: ema or raw is right", *weights)
	case flags.NArg() != 2:
		return o, fmt.Errorf("%d files: IN and OUT.safetensors are right, after the flags", flags.NArg())
	case filepath.Ext(flags.Arg(1)) != ".safetensors":
		return o, fmt.Errorf("%s: the name of what is written ends in .safetensors", flags.Arg(1))
	case *config != "" && !json.Valid([]byte(*config)):
		return o, fmt.Errorf("-config %q: a JSON object, such as {\"heads\": 4}, is right", *config)
	case o.assume.Size < 0 || o.assume.DataStd < 0:
		return o, errors.New("-size and -data-std are positive")
	}
	if *config != "" {
		o.assume.Config = json.RawMessage(*config)
	}
	o.in, o.out = flags.Arg(0), flags.Arg(1)
	return o, nil
}

func (o options) convert(stdout io.Writer) error {
	if o.tensors {
		tensors, description, err := checkpoint.ReadWeights(o.in, o.assume.Weights)
		if errors.Is(err, checkpoint.ErrCheckpoint) {
			return fmt.Errorf("%w; it is converted without -tensors", err)
		}
		if err == nil {
			err = checkpoint.WriteTensors(o.out, tensors, nil)
		}
		if err != nil {
			return err
		}
		return o.report(stdout, tensors, description)
	}
	c, description, err := pretrained.Import(o.in, o.assume)
	if err == nil {
		err = checkpoint.Write(o.out, c)
	}
	if err != nil {
		return err
	}
	return o.report(stdout, c.Parameters, fmt.Sprintf("%s; %s, %d x %d x %d, %s", description,
		c.Meta.Parameterization, c.Meta.Channels, c.Meta.Height, c.Meta.Width, c.Meta.Config))
}

func (o options) report(stdout io.Writer, tensors map[string]checkpoint.Tensor, description string) error {
	values := 0
	for _, t := range tensors {
		values += len(t.Data)
	}
	_, err := fmt.Fprintf(stdout, "%s: %s\n%s: %d tensors, %d values\n", o.in, description, o.out, len(tensors), values)
	return err
}
