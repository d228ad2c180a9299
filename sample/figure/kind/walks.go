package kind

import (
	"fmt"
	"slices"

	"tweedie/experiments/strict"
)

// walkNames is the key "walks", by which a figure names its walks. A name is that of a table [[walk]], for all walks
// that a sweep makes of it, or that of a single walk of the sweep. Without the key, the figure has all walks.
type walkNames struct{ Walks []string }

func (n *walkNames) field() strict.Field {
	return strict.Optional("walks", &n.Walks, []string{}).
		Doc("walks to show, by the name of their table or by their own in a sweep; [] is all that fit")
}

// check complains about names that no walk has, and returns whether all is right.
func (n *walkNames) check(o *Outline, complain func(key, message string)) bool {
	if len(o.Walks) == 0 {
		complain("kind", "needs a [[walk]]")
		return false
	}
	var names []string
	for _, w := range o.Walks {
		names = append(names, w.Name)
	}
	for _, name := range n.Walks {
		if slices.Contains(o.Tables, name) || slices.Contains(names, name) {
			continue
		}
		valid := o.Tables // a sweep may make thousands of names: do not list them
		if _, ok := strict.Nearest(name, o.Tables); !ok {
			if near, ok := strict.Nearest(name, names); ok {
				valid = []string{near}
			}
		}
		complain("walks", fmt.Sprintf("%q is unknown; %s", name, strict.Hint(name, valid)))
		return false
	}
	return true
}

// walks returns the walks by their numbers, in the order in which they are named.
func (n *walkNames) walks(o *Outline) []int {
	var chosen []int
	if len(n.Walks) == 0 {
		for i := range o.Walks {
			chosen = append(chosen, i)
		}
	}
	for _, name := range n.Walks {
		for i, w := range o.Walks {
			if w.Table == name || w.Name == name {
				chosen = append(chosen, i)
			}
		}
	}
	return chosen
}

// byTable is the key of the axis whose values are the tables [[walk]].
const byTable = "walk"

// tableName is the key "walk" of figures over axes. It names the table [[walk]] whose walks are shown. "" stands for
// the only table, or for all of them if they are an axis.
type tableName struct{ Walk string }

func (t *tableName) field() strict.Field {
	return strict.Optional("walk", &t.Walk, "").OmitEmpty().
		Doc("table [[walk]] to show, where there are several")
}

// walks returns the walks of the table by their numbers.
func (t *tableName) walks(o *Outline) []int {
	var chosen []int
	for i, w := range o.Walks {
		if t.Walk == "" || t.Walk == w.Table {
			chosen = append(chosen, i)
		}
	}
	return chosen
}

// check complains unless every place of the figure has exactly one walk: walks must not differ along axes that are not
// shown, except for the given number of free ones. shown holds the keys of the axes that are shown.
func (t *tableName) check(o *Outline, free int, complain func(key, message string), shown ...string) {
	for _, a := range o.Axes {
		if len(a.Labels) < 2 || slices.Contains(shown, a.Key) {
			continue
		}
		if free--; free < 0 {
			complain("kind", fmt.Sprintf("does not show %q, which has %d values in [sweep]: "+
				"give it one value, or an axis of the figure", a.Key, len(a.Labels)))
			return
		}
	}
	switch isAxis := slices.Contains(shown, byTable); {
	case len(o.Tables) == 0:
		complain("kind", "needs a [[walk]]")
	case isAxis && t.Walk != "":
		complain("walk", fmt.Sprintf("%q must not be given beside an axis %q", t.Walk, byTable))
	case t.Walk != "" && !slices.Contains(o.Tables, t.Walk):
		complain("walk", fmt.Sprintf("%q is unknown; %s", t.Walk, strict.Hint(t.Walk, o.Tables)))
	case !isAxis && t.Walk == "" && len(o.Tables) > 1:
		complain("walk", "is missing and must be one of "+strict.Quoted(o.Tables))
	}
}

// axis returns the axis of a key. If there is none, the axis has no key.
func (o *Outline) axis(key string) Axis {
	if key == byTable {
		return Axis{Key: byTable, Labels: o.Tables}
	}
	for _, a := range o.Axes {
		if a.Key == key {
			return a
		}
	}
	return Axis{}
}

// checkAxis complains unless the figure's key names an axis of the sweep or that of the tables, and returns whether it
// does.
func (o *Outline) checkAxis(key, axis string, complain func(key, message string)) bool {
	if o.axis(axis).Key != "" {
		return true
	}
	if len(o.Axes) == 0 {
		complain(key, fmt.Sprintf("%q must be %q or a key of [sweep], and there is no [sweep]", axis, byTable))
		return false
	}
	var valid []string
	for _, a := range o.Axes {
		valid = append(valid, a.Key)
	}
	complain(key, fmt.Sprintf("%q is no key of [sweep]; %s", axis, strict.Hint(axis, append(valid, byTable))))
	return false
}

// value returns the number of the value that a walk has on an axis; 0 on an axis without a key.
func (o *Outline) value(walk int, a Axis) int {
	switch a.Key {
	case "":
		return 0
	case byTable:
		return slices.Index(o.Tables, o.Walks[walk].Table)
	}
	return o.Walks[walk].At[slices.IndexFunc(o.Axes, func(other Axis) bool { return other.Key == a.Key })]
}

// symbols are the names of settings in the paper.
var symbols = map[string]string{
	"step.epsilon":      "step size ε",
	"temperature.from":  "initial temperature T₀",
	"temperature.value": "temperature T",
	"schedule.steps":    "steps K",
	"calls":             "network calls",
}

// symbol returns the label of an axis with the given key.
func symbol(key string) string {
	if s, ok := symbols[key]; ok {
		return s
	}
	return key
}
