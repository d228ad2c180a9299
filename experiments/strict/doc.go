// Package strict reads TOML files strictly: a setting that is silently ignored costs a day of work.
//
// An unknown key, a wrong type, an impossible value and a missing key are all errors. Each names the file, the line and
// the key, and says what would be right. One reading reports all mistakes of a file.
//
// A program describes each of its tables once, by a Table: a Go struct whose method Fields lists the keys, each with
// the variable that holds its value, its default, its limits and its meaning. From this one list the package reads a
// file (Read), writes a file with every default filled in (Encode) and documents the keys (Reference).
//
// The package must not know any particular table, and imports nothing of the project.
package strict
