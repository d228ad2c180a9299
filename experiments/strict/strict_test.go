package strict

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// A plan is a table with a field of every sort.
type plan struct {
	Title string
	Year  uint64
	Soil  soil
	Fence *fence
	Pond  pond
	Beds  []bed
	Hours [2]float64
	Water []string // beds, in the order of watering
}

func (p *plan) Fields() []Field {
	return []Field{
		Required("title", &p.Title, NotEmpty).Doc("name of the garden"),
		Optional("year", &p.Year, 1999).Doc("year of planting"),
		Group("soil", &p.Soil).Doc("the ground"),
		OptionalGroup("fence", &p.Fence).Doc("what keeps deer out"),
		Section("pond", &p.Pond).Doc("water"),
		Groups("bed", &p.Beds).Doc("beds of plants"),
		Custom("water", p.readWater,
			p.water).TypeDoc("table of beds").DefaultDoc("none").Doc("when beds are watered, in the order of watering"),
		Optional("hours", &p.Hours, [2]float64{8, 17.5}, Both(AtLeast(0.))).Doc("opening and closing, in hours"),
	}
}

// readWater reads a table of beds that are listed above and the times when they are watered. Their order matters.
func (p *plan) readWater(place Place, value any) {
	beds, _ := place.Sibling("bed").([]map[string]any)
	for _, name := range place.Keys() {
		switch when := value.(map[string]any)[name]; {
		case place.Mistakes() > 0:
		case !slices.ContainsFunc(beds, func(b map[string]any) bool { return b["name"] == name }):
			place.Inner(name).Complain("is no bed")
		default:
			p.Water = append(p.Water, fmt.Sprint(name, " at ", when))
		}
	}
}

func (p *plan) water() any {
	if p.Water == nil {
		return nil
	}
	values := map[string]any{}
	for _, w := range p.Water {
		name, when, _ := strings.Cut(w, " at ")
		values[name] = when
	}
	return Raw{values}
}

func (p *plan) Check(complain func(key, message string)) {
	if p.Hours[0] > p.Hours[1] {
		complain("hours", "must not close before they open")
	}
	if p.Pond.Depth > p.Soil.Depth && p.Soil.Depth > 0 {
		complain("pond.depth", "must not be greater than that of the soil")
	}
}

type soil struct {
	Kind  string
	Sand  float64
	Depth float64
}

var soils = Menu[soil, func(soil) string]{
	"loam": {
		Doc: "a mixture",
		Keys: func(s *soil) []Field {
			return []Field{s.depth(), Required("sand", &s.Sand, Fraction).Doc("share of sand")}
		},
		Build: func(s soil) string { return fmt.Sprintf("loam with %g sand", s.Sand) },
	},
	"clay":  {Doc: "heavy ground", Keys: func(s *soil) []Field { return []Field{s.depth()} }},
	"stone": {Doc: "nothing grows"},
}

func (s *soil) depth() Field {
	return Optional("depth", &s.Depth, 0, AtLeast(0.)).DefaultDoc("measured").Doc("metres of it")
}

func (s *soil) Fields() []Field { return soils.Fields(&s.Kind, s) }

type fence struct{ Height int }

func (f *fence) Fields() []Field {
	return []Field{Required("height", &f.Height, AtLeast(1), AtMost(300), Even).Doc("centimetres")}
}

type pond struct{ Depth float64 }

func (p *pond) Fields() []Field {
	return []Field{Required("depth", &p.Depth, Positive).Doc("metres")}
}

type bed struct {
	Name   string
	Plants []string
	Sizes  []int
	Shade  bool
	Label  string
	Shape  shape
}

func (b *bed) Fields() []Field {
	return []Field{
		Required("name", &b.Name, FileName).Doc("name of the bed"),
		Optional("plants", &b.Plants, []string{},
			EachOrNone(OneOf("rose", "tulip", "thistle"))).Doc("what grows there"),
		Optional("sizes", &b.Sizes, []int{1}, Each(AtLeast(1))).Doc("metres of each side"),
		Optional("shade", &b.Shade, false).Doc("whether trees stand there"),
		Optional("label", &b.Label, "").OmitEmpty().Doc("text of a sign | beside it"),
		Optional("shape", &b.Shape, shape{4}).TypeDoc("round or a number of corners").Doc("its outline"),
	}
}

// A shape has a form of its own: "round", or a number of corners.
type shape struct{ corners int64 }

func (s *shape) UnmarshalTOML(value any) error {
	if value == "round" {
		s.corners = 0
		return nil
	}
	n, ok := value.(int64)
	if s.corners = n; !ok || n < 3 {
		return errors.New(`must be "round" or at least 3 corners`)
	}
	return nil
}

func (s shape) MarshalTOML() ([]byte, error) {
	if s.corners == 0 {
		return []byte(`"round"`), nil
	}
	return fmt.Append(nil, s.corners), nil
}

const garden = `title = "garden"
hours = [9, 17]
fence = { height = 150 }
[soil]
kind = "loam"
sand = 0.25
depth = 2
[pond]
depth = 1.5
[[bed]]
name = "front"
plants = ["rose"]
[[bed]]
name = "back"
sizes = [2, 3]
shade = true
label = "the \"back\""
shape = "round"
[water]
front = "noon"
back = "dawn"
`

func TestRead(t *testing.T) {
	var got plan
	if err := Read("x.toml", garden, &got); err != nil {
		t.Fatal(err)
	}
	want := plan{
		Title: "garden", Year: 1999, Hours: [2]float64{9, 17},
		Soil: soil{Kind: "loam", Sand: 0.25, Depth: 2}, Fence: &fence{150}, Pond: pond{1.5},
		Beds: []bed{
			{Name: "front", Plants: []string{"rose"}, Sizes: []int{1}, Shape: shape{4}},
			{Name: "back", Plants: []string{}, Sizes: []int{2, 3}, Shade: true, Label: `the "back"`},
		},
		Water: []string{"front at noon", "back at dawn"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("read\n%+v\nwant\n%+v", got, want)
	}
	if s := soils.MustFind(got.Soil.Kind)(got.Soil); s != "loam with 0.25 sand" {
		t.Errorf("built %q", s)
	}
	if _, err := soils.Find("laom"); err == nil || err.Error() != `kind "laom" is unknown; did you mean "loam"?` {
		t.Errorf("find an unknown kind: %v", err)
	}

	second := plan{Fence: &fence{1}, Pond: pond{1}, Beds: []bed{{}}}
	if err := Read("x.toml", "title = \"t\"\nsoil.kind = \"stone\"", &second); err != nil {
		t.Fatal(err)
	}
	want = plan{Title: "t", Year: 1999, Hours: [2]float64{8, 17.5}, Soil: soil{Kind: "stone"}}
	if !reflect.DeepEqual(second, want) {
		t.Errorf("the smallest file gives\n%+v\nwant\n%+v", second, want)
	}
}

// Each case makes one mistake in the garden, and the error is exact.
func TestMistakes(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{`title = "garden"`, "", "x.toml:1: title: is missing and must be a string"},
		{`"garden"`, `""`, `x.toml:1: title: "" must not be empty`},
		{"hours", "huors", `x.toml:2: huors: unknown key; did you mean "hours"?`},
		{"shade", "tree",
			`x.toml:16: bed[1].tree: unknown key; valid are "label", "name", "plants", "shade", "shape", "sizes"`},
		{"hours", `"an hour"`,
			`x.toml:2: "an hour": unknown key; ` +
				`valid are "bed", "fence", "hours", "pond", "soil", "title", "water", "year"`},
		{"[9, 17]", "[9]", "x.toml:2: hours: [9] must be a list of two finite numbers"},
		{"[9, 17]", "[9, -1]", "x.toml:2: hours: [9, -1] is wrong at -1, which must be at least 0"},
		{"[9, 17]", "[9, 8]", "x.toml:2: hours: must not close before they open"},
		{"{ height = 150 }", "150", "x.toml:3: fence: 150 must be a table"},
		{"150", "151", "x.toml:3: fence.height: 151 must be even"},
		{"150", "302", "x.toml:3: fence.height: 302 must be at most 300"},
		{"height = 150", "", "x.toml:3: fence.height: is missing and must be an integer"},
		{`"loam"`, `"laom"`, `x.toml:5: soil.kind: "laom" is unknown; did you mean "loam"?`},
		{`"loam"`, `"clay"`, `x.toml:6: soil.sand: unknown key of kind "clay"; valid are "depth", "kind"`},
		{"0.25", "1", "x.toml:6: soil.sand: 1 must be at least 0 and below 1"},
		{"0.25", "nan", "x.toml:6: soil.sand: NaN must be a finite number"},
		{"1.5", "2.5", "x.toml:9: pond.depth: must not be greater than that of the soil"},
		{`"front"`, `".front"`,
			`x.toml:11: bed[0].name: ".front" must be letters a-z, digits, -, _ and ., since files are named by it`},
		{`["rose"]`, `["rose", "tulpi"]`,
			`x.toml:12: bed[0].plants: ["rose", "tulpi"] is wrong at tulpi, which is unknown; did you mean "tulip"?`},
		{"[2, 3]", "[]", "x.toml:15: bed[1].sizes: [] must not be empty"},
		{"true", "1", "x.toml:16: bed[1].shade: 1 must be true or false"},
		{`"round"`, "2", `x.toml:18: bed[1].shape: 2 must be "round" or at least 3 corners`},
		{"front = ", "\"a b\" = ", `x.toml:20: water."a b": is no bed`},
		{"sizes = [2, 3]", "sizes = ", `x.toml:15: expected value but found '\n' instead`},
		{"[9, 17]", "9\nyear = -1",
			"x.toml:2: hours: 9 must be a list of two finite numbers\nx.toml:3: year: -1 must be an integer from 0 on"},
	} {
		if !strings.Contains(garden, c.old) {
			t.Fatalf("no %q to replace", c.old)
		}
		err := Read("x.toml", strings.Replace(garden, c.old, c.new, 1), new(plan))
		if err == nil || err.Error() != c.want {
			t.Errorf("%q for %q: got\n%v\nwant\n%s", c.new, c.old, err, c.want)
		}
	}
	oneBed := strings.Replace(garden[:strings.LastIndex(garden, "[[bed]]")], "[[bed]]", "[bed]", 1)
	err := Read("x.toml", oneBed, new(plan))
	if err == nil || err.Error() != "x.toml:10: bed: a table must be tables, each headed [[bed]]" {
		t.Errorf("one table for tables: %v", err)
	}
}

func TestEncode(t *testing.T) {
	var p, back plan
	if err := Read("x.toml", garden, &p); err != nil {
		t.Fatal(err)
	}
	written := Encode(&p)
	if err := Read("y.toml", string(written), &back); err != nil {
		t.Fatalf("%v in\n%s", err, written)
	}
	back.Water[0], back.Water[1] = back.Water[1], back.Water[0] // a Raw table is written in alphabetical order
	if !reflect.DeepEqual(p, back) {
		t.Errorf("read back as\n%+v\nwant\n%+v\nfrom\n%s", back, p, written)
	}
	for _, line := range []string{"year = 1999", "[[bed]]", `shape = "round"`, "shape = 4", "sizes = [1]"} {
		if !strings.Contains(string(written), line+"\n") {
			t.Errorf("no line %s in\n%s", line, written)
		}
	}
	if n := strings.Count(string(written), "label"); n != 1 {
		t.Errorf("label is written %d times for one that is not empty", n)
	}
	raw := RawTable{&p.Beds[1], map[string]any{"name": "old", "shade": true}, []string{"name"}}
	if got, want := Lines(raw), "name = \"back\"\nshade = true\n"; got != want {
		t.Errorf("raw table is written as\n%s\nwant\n%s", got, want)
	}
	var settings []string
	for _, s := range Settings(&p.Soil) {
		settings = append(settings, s.Key+" "+s.Value)
	}
	if got, want := strings.Join(settings, ", "), "kind loam, depth 2.0, sand 0.25"; got != want {
		t.Errorf("settings %s, want %s", got, want)
	}
}

func TestReference(t *testing.T) {
	got, err := Reference(new(plan))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"| `water` | table of beds | none | when beds are watered, in the order of watering |",
		"| `title` | string, not empty | required | name of the garden |",
		"| `year` | integer from 0 on | `1999` | year of planting |",
		"| `bed` | [tables](#bed) | none | beds of plants |",
		"## `[soil]`\n\nThe ground.\n",
		"| `\"loam\"` | a mixture | `depth`, `sand` |",
		"| `\"stone\"` | nothing grows |  |",
		"| `depth` | `clay`, `loam` | number, at least 0 | measured | metres of it |",
		"| `sand` | `loam` | number, at least 0 and below 1 | required | share of sand |",
		"## `[[bed]]`",
		`| list of strings, each "rose", "tulip" or "thistle" | ` + "`[]` |",
		`text of a sign \| beside it`,
		"| `shape` | round or a number of corners | `4` | its outline |",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
	const missing = "a has no meaning\nb has no meaning\nb.depth has no meaning"
	if _, err := Reference(undocumented{}); err == nil || err.Error() != missing {
		t.Errorf("keys without a meaning: %v", err)
	}
}

type undocumented struct{}

func (undocumented) Fields() []Field {
	return []Field{Required("a", new(int)), Optional("c", new(int), 1).Doc("documented"), Group("b", nameless{})}
}

type nameless struct{}

func (nameless) Fields() []Field { return []Field{Required("depth", new(int))} }

func TestNearest(t *testing.T) {
	valid := []string{"kind", "min", "max", "levels", "checkpoint_every", "parameterization"}
	for _, c := range []struct{ name, want string }{
		{"knd", "kind"},                           // deleted
		{"kiind", "kind"},                         // inserted
		{"kimd", "kind"},                          // replaced
		{"knid", "kind"},                          // exchanged
		{"Levels", "levels"},                      // capital
		{"checkpoints-every", "checkpoint_every"}, // two edits
		{"paramaterisation", "parameterization"},
		{"mean", ""}, // two edits from min, of four letters
		{"rate", ""},
		{"", ""},
	} {
		if got, ok := Nearest(c.name, valid); got != c.want || ok != (c.want != "") {
			t.Errorf("Nearest(%q) = %q, %v, want %q", c.name, got, ok, c.want)
		}
	}
}
