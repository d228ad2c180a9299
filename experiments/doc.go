// Package experiments reads experiments: one TOML file each, that says which images,
// which network, how it is trained and which random walks sample from it, over which
// settings they are swept, how samples are scored and which figures are drawn. Files
// without a network only sample. Those beside this one are built in, and document the
// schema by example.
//
// Reading is strict, since a setting that is silently ignored costs a day of training:
// an unknown key, a wrong type, an impossible value and a kind that does not exist yet
// are errors that name file, line, key and what would be right. A table's keys, their
// defaults and their limits stand in its fields method; a table with a "kind" has one
// menu entry for each kind.
//
// The package turns settings into data sets, architectures, noise levels, weights,
// parameterizations, walks and forward operators, and knows where a run keeps its files. It must not know
// how any of them works.
package experiments
