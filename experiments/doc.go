// Package experiments reads experiments. An experiment is one TOML file. It says which images there are, which network
// is trained on them and how, which random walks draw samples with it, over which settings these walks are swept, how
// samples are scored and which figures are drawn. A file without a network only samples. The files beside this package
// are built into the program. They are written to be read, and REFERENCE.md lists every key.
//
// Each table of a file is a struct here: its Fields are the keys, with limits, defaults and meanings. A table with a
// key "kind" has a menu, with one entry for each kind. Reading is strict: see package strict.
//
// The package turns settings into data sets, networks, training objectives, walks and forward operators. It must not
// know how any of them works, and nothing but commands, the trainer and the study imports it.
package experiments
