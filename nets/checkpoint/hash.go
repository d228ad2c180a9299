package checkpoint

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
)

// Hash returns the SHA-256 of the file path, of any format, in hexadecimal: it tells one checkpoint from every other.
func Hash(path string) (string, error) {
	hash, err := fromFile(path, func(r io.Reader, _ int64) (string, error) {
		h := sha256.New()
		_, err := io.Copy(h, r)
		return hex.EncodeToString(h.Sum(nil)), err
	})
	if err != nil {
		return "", fmt.Errorf("reading checkpoint %s: %w", path, err)
	}
	return hash, nil
}
