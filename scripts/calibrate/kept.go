package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"

	"tweedie/data/durable"
)

// kept are results that were computed before, by a key that names all they depend on. They are lines of a file.
type kept struct {
	lines map[string]json.RawMessage
	file  *durable.Appender
}

// A line is a result.
type line struct {
	Key   string          `json:"key"`
	Value json.RawMessage `json:"value"`
}

// open reads the results of a file, and creates it if there is none. A last line that was cut short is passed over.
func open(path string) (*kept, error) {
	k := &kept{lines: map[string]json.RawMessage{}}
	content, err := os.ReadFile(path)
	if err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	whole := bytes.LastIndexByte(content, '\n') + 1
	for i, text := range bytes.Split(content[:whole], []byte("\n")) {
		var l line
		if len(text) == 0 {
			continue
		}
		if err := json.Unmarshal(text, &l); err != nil {
			return nil, fmt.Errorf("%s: line %d is not a result: %w", path, i+1, err)
		}
		k.lines[l.Key] = l.Value
	}
	if whole < len(content) {
		if err := os.Truncate(path, int64(whole)); err != nil {
			return nil, err
		}
	}
	k.file, err = durable.Append(path, os.O_CREATE)
	return k, err
}

func (k *kept) close() error { return k.file.Close() }

// have reads a result, if there is one.
func (k *kept) have(key string, value any) (bool, error) {
	text, ok := k.lines[key]
	if !ok {
		return false, nil
	}
	return true, json.Unmarshal(text, value)
}

// keep stores a result.
func (k *kept) keep(key string, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	whole, err := json.Marshal(line{key, text})
	if err != nil {
		return err
	}
	k.lines[key] = text
	k.file.Add(append(whole, '\n'))
	return k.file.Flush()
}
