package result

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"tweedie/data/durable"
)

const fileName = "results.json"

// Save writes results.json in a folder, whole or not at all.
func Save(folder string, e *Experiment) error {
	path := filepath.Join(folder, fileName)
	err := durable.Write(path, func(w io.Writer) error {
		lines := json.NewEncoder(w)
		lines.SetIndent("", " ")
		return lines.Encode(e)
	})
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return nil
}

// Load reads what Save wrote.
func Load(folder string) (*Experiment, error) {
	path := filepath.Join(folder, fileName)
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var e Experiment
	if err := json.Unmarshal(content, &e); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return &e, nil
}
