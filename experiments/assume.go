package experiments

import (
	"tweedie/experiments/strict"
	"tweedie/nets"
	"tweedie/nets/pretrained"
	"tweedie/nets/registry"
)

// Assume is a walk's table assume: settings of a network that are missing in a checkpoint of another program. Zero
// values stand for what the file says or, if it does not say, for what is usual.
type Assume struct {
	Size     int
	Networks []registry.Untold // settings of each network that has such
	Predicts string
}

// Fields are the keys of assume.
func (a *Assume) Fields() []strict.Field {
	const fromFile = "what the file says"
	if a.Networks == nil {
		a.Networks = registry.NewUntold()
	}
	fields := []strict.Field{strict.Optional("size", &a.Size, 0, strict.AtLeast(0)).DefaultDoc(fromFile).
		Doc("side of the network's images in pixels")}
	for _, settings := range a.Networks {
		fields = append(fields, settings.Fields()...)
	}
	return append(fields, strict.Optional("predicts", &a.Predicts, "", strict.OneOf(parameterizations...)).
		OmitEmpty().DefaultDoc(fromFile).Doc("what the network predicts, as in `train.parameterization`"))
}

// Pretrained returns the settings in the form that the reader of such checkpoints takes. A nil a assumes nothing.
func (a *Assume) Pretrained() pretrained.Assume {
	if a == nil {
		return pretrained.Assume{}
	}
	return pretrained.Assume{Size: a.Size, Parameterization: nets.Kind(a.Predicts), Config: registry.Config(a.Networks)}
}
