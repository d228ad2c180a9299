package data

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
)

// Split holds out about the given share, in [0, 1), of the images. An image is held out if the hash of its name, as a
// number in [0, 1), is below share. So whether it is held out does not depend on the other images, and adding images
// moves none. There is one exception, which keeps both parts non-empty: if share > 0 and there are two images or
// more, the image with the smallest hash is always held out and that with the largest never. With share = 0, or a
// single image, nothing is held out.
func (s *Set) Split(share float64) (training, held *Set, err error) {
	if !(share >= 0 && share < 1) {
		return nil, nil, fmt.Errorf("data: %s: a held-out share of %v: want 0 <= share < 1", s.options.Path, share)
	}
	training, held = &Set{collection: s.collection}, &Set{collection: s.collection}
	if share == 0 || len(s.index) < 2 {
		training.index = s.index
		return training, held, nil
	}
	hash := make(map[int]float64, len(s.index))
	for _, j := range s.index {
		sum := sha256.Sum256([]byte(s.name(j)))
		hash[j] = math.Ldexp(float64(binary.BigEndian.Uint64(sum[:])>>11), -53)
	}
	byHash := func(a, b int) int { return cmp.Compare(hash[a], hash[b]) }
	least, greatest := slices.MinFunc(s.index, byHash), slices.MaxFunc(s.index, byHash)
	for _, j := range s.index {
		if j == least || (hash[j] < share && j != greatest) {
			held.index = append(held.index, j)
		} else {
			training.index = append(training.index, j)
		}
	}
	return training, held, nil
}
