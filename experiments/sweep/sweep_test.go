package sweep_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"tweedie/experiments/strict"
	"tweedie/experiments/sweep"
)

// A kitchen is a file with an array of tables and a sweep that changes them.
type kitchen struct {
	Cakes []cake
	sweep sweep.Sweep
	all   []sweep.Variant[cake]
}

var cakes = sweep.Tables{
	Key:   "cake",
	Fixed: map[string]string{"name": "a cake keeps its name"},
	Paths: []string{"recipe"},
}

func (k *kitchen) Fields() []strict.Field {
	return []strict.Field{
		strict.Groups("cake", &k.Cakes),
		strict.Custom("sweep", k.read, func() any { return k.sweep }),
	}
}

func (k *kitchen) read(p strict.Place, value any) {
	k.sweep = sweep.Read(p, value, cakes)
	if p.Mistakes() == 0 {
		k.all = sweep.Expand(p, k.sweep, cakes, func(values map[string]any) (c cake, wrong []strict.Complaint) {
			wrong = strict.Fill(values, &c)
			return c, wrong
		})
	}
}

type cake struct {
	Name   string
	Recipe string
	Oven   oven
}

func (c *cake) Fields() []strict.Field {
	return []strict.Field{
		strict.Required("name", &c.Name),
		strict.Optional("recipe", &c.Recipe, ""),
		strict.Group("oven", &c.Oven),
	}
}

type oven struct {
	Kind    string
	Heat    float64
	Minutes int
}

func (o *oven) Fields() []strict.Field {
	return []strict.Field{
		strict.Optional("kind", &o.Kind, "gas"),
		strict.Optional("heat", &o.Heat, 180, strict.AtMost(250.)),
		strict.Optional("minutes", &o.Minutes, 40, strict.AtLeast(1)),
	}
}

const twoCakes = `
[[cake]]
name = "plum"
oven = { heat = 200 }
[[cake]]
name = "apple"
oven = { minutes = 30 }
`

func bake(t *testing.T, sweep string) *kitchen {
	t.Helper()
	var k kitchen
	if err := strict.Read("x.toml", twoCakes+"[sweep]\n"+sweep, &k); err != nil {
		t.Fatal(err)
	}
	return &k
}

// All combinations are made, the last axis changing fastest. A value replaces the table's own, and what is not swept
// stays.
func TestExpand(t *testing.T) {
	k := bake(t, "\"oven.minutes\" = [10, 20]\n\"oven.kind\" = [\"gas\", \"wood\"]\n")
	var got []string
	for _, v := range k.all {
		got = append(got,
			fmt.Sprintf("%s %s %v: %g %d %s", v.Name, v.Base, v.At, v.Table.Oven.Heat, v.Table.Oven.Minutes,
				v.Table.Oven.Kind))
	}
	if want := []string{
		"plum-10-gas plum [0 0]: 200 10 gas", "plum-10-wood plum [0 1]: 200 10 wood",
		"plum-20-gas plum [1 0]: 200 20 gas", "plum-20-wood plum [1 1]: 200 20 wood",
		"apple-10-gas apple [0 0]: 180 10 gas", "apple-10-wood apple [0 1]: 180 10 wood",
		"apple-20-gas apple [1 0]: 180 20 gas", "apple-20-wood apple [1 1]: 180 20 wood",
	}; !slices.Equal(got, want) {
		t.Errorf("variants\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if k.Cakes[0].Oven != (oven{Kind: "gas", Heat: 200, Minutes: 40}) {
		t.Errorf("the table itself has become %+v", k.Cakes[0])
	}
	again := bake(t, strings.TrimPrefix(string(strict.Encode(k.sweep)), "\n"))
	same := func(a, b sweep.Variant[cake]) bool { return a.Name == b.Name && a.Table == b.Table }
	if !slices.EqualFunc(k.all, again.all, same) {
		t.Errorf("a sweep that is written and read again makes other variants:\n%s", strict.Encode(k.sweep))
	}
}

// A later axis changes a part of what an earlier one has set, and leaves the earlier value as it is for other variants.
func TestLaterAxesChangeEarlierValues(t *testing.T) {
	k := bake(t, `oven = [{ kind = "wood" }, { kind = "coal", heat = 100 }]`+"\n\"oven.heat\" = [150]\n")
	for i, v := range k.all {
		if want := (oven{[]string{"wood", "coal"}[i%2], 150, 40}); v.Table.Oven != want {
			t.Errorf("variant %s has %+v, want %+v", v.Name, v.Table.Oven, want)
		}
	}
	if a := k.sweep[0]; !slices.Equal(a.Labels, []string{"wood", "coal"}) || a.Numbers != nil {
		t.Errorf("axis %+v", a)
	}
}

func TestMistakes(t *testing.T) {
	for _, c := range []struct{ sweep, want string }{
		{`"oven.heat" = [300, 400]`,
			`9: sweep."oven.heat": with 300 in cake "plum": oven.heat: 300 must be at most 250`},
		{`"oven.heta" = [1]`,
			`9: sweep."oven.heta": with 1 in cake "plum": oven.heta: unknown key; did you mean "heat"?`},
		{`"recipe.page" = [1]`, `9: sweep."recipe.page": with 1 in cake "plum": recipe: a table must be a string`},
		{"oven = [{ heat = 1 }]\n\"oven.heat\" = [300]",
			`10: sweep."oven.heat": with 300 in cake "plum": oven.heat: 300 must be at most 250`},
		{"oven = [{ minutes = 0 }]\n\"oven.heat\" = [1]",
			`9: sweep.oven: with { minutes = 0 } in cake "plum": oven.minutes: 0 must be at least 1`},
		{"\"oven.heat\" = [1]\noven = [{}]",
			`10: sweep.oven: replaces "oven.heat", which is set before it; must come first`},
		{`name = ["x"]`, `9: sweep.name: cannot be swept: a cake keeps its name`},
		{`oven.heat = [1]`,
			`9: sweep.oven: a table must be a list of values; ` +
				`a key with dots is written in quotes: "oven.KEY" = [...]`},
		{`recipe = []`, `9: sweep.recipe: must be a list of at least one value`},
		{`recipe = ["a", "a"]`, `9: sweep.recipe: "a" is there twice`},
		{`recipe = [["a"]]`, `9: sweep.recipe: ["a"] must be a number, a string, true, false or a table`},
	} {
		err := strict.Read("x.toml", twoCakes+"[sweep]\n"+c.sweep+"\n", new(kitchen))
		if err == nil || err.Error() != "x.toml:"+c.want {
			t.Errorf("%s: got\n%v\nwant\nx.toml:%s", c.sweep, err, c.want)
		}
	}
	err := strict.Read("x.toml", "sweep = { recipe = [\"a\"] }", new(kitchen))
	if err == nil || err.Error() != "x.toml:1: sweep: has no [[cake]] to change" {
		t.Errorf("no tables: %v", err)
	}
}

// Labels differ, and so do the names that files get.
func TestLabels(t *testing.T) {
	for _, c := range []struct{ axis, labels, names string }{
		{`"oven.heat" = [0, 0.25, 1e-7, 1e2]`, "0; 0.25; 1e-07; 100", "plum-0; plum-0.25; plum-1e-07; plum-100"},
		{`recipe = ["a/b.txt", "c/b.txt", "c/d"]`, "a/b.txt; c/b.txt; d", "plum-a-b.txt; plum-c-b.txt; plum-d"},
		{`"oven.kind" = ["a b", "a/b"]`, "a b; a/b", "plum-a-b; plum-a-b-2"},
		{`oven = [{ heat = 1, minutes = 5 }, { heat = 1, minutes = 6 }]`, "minutes 5; minutes 6",
			"plum-minutes-5; plum-minutes-6"},
	} {
		k := bake(t, c.axis+"\n")
		var names []string
		for _, v := range k.all[:len(k.all)/2] {
			names = append(names, v.Name)
		}
		if got := strings.Join(k.sweep[0].Labels, "; "); got != c.labels {
			t.Errorf("%s: labels %s, want %s", c.axis, got, c.labels)
		}
		if got := strings.Join(names, "; "); got != c.names {
			t.Errorf("%s: names %s, want %s", c.axis, got, c.names)
		}
	}
}
