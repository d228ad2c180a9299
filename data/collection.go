package data

import (
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
)

// A source is a numbered list of images, as they are in their files or as they are drawn.
type source interface {
	len() int
	name(i int) string
	read(i int) (*raster, error) // safe for concurrent use
	io.Closer
}

// A collection holds the images of a Set and of all Sets split from it, and caches decoded images. Training draws
// images uniformly, so no image deserves the cache more than another: a cached image stays, and none is added once
// the cache is full.
type collection struct {
	source
	options Options
	entries []atomic.Pointer[entry]
	cached  atomic.Int64 // bytes of the samples in entries

	closed    atomic.Bool
	closeOnce func() error
}

// An entry is a decoded image, or the error of decoding it.
type entry struct {
	*raster
	err error
}

const defaultCacheBytes = 1 << 30

var errClosed = errors.New("the set of images is closed")

func newCollection(o Options, s source) *collection {
	if o.CacheBytes == 0 {
		o.CacheBytes = defaultCacheBytes
	}
	return &collection{
		source:    s,
		options:   o,
		entries:   make([]atomic.Pointer[entry], s.len()),
		closeOnce: sync.OnceValue(s.Close),
	}
}

// load returns image j, from the cache if it is there. Errors are cached too: a file that could not be read is not read
// again.
func (c *collection) load(j int) (*raster, error) {
	if c.closed.Load() {
		return nil, fmt.Errorf("data: %s: %w", c.options.Path, errClosed)
	}
	if e := c.entries[j].Load(); e != nil {
		return e.raster, e.err
	}
	r, err := c.read(j)
	if err == nil && c.options.Crop > 0 && min(r.height, r.width) < c.options.Crop {
		err = fmt.Errorf("is %dx%d, smaller than crop %d", r.width, r.height, c.options.Crop)
	}
	if err != nil {
		if c.closed.Load() { // closed while reading: the error is not the file's
			return nil, fmt.Errorf("data: %s: %w", c.options.Path, errClosed)
		}
		err = fmt.Errorf("data: %s/%s: %w", c.options.Path, c.name(j), err)
		c.entries[j].CompareAndSwap(nil, &entry{err: err})
		return nil, err
	}
	if c.options.Crop == 0 {
		r = r.fit(c.options.Size)
	}
	bytes := int64(len(r.pix))
	if c.cached.Add(bytes) > c.options.CacheBytes || !c.entries[j].CompareAndSwap(nil, &entry{raster: r}) {
		c.cached.Add(-bytes)
	}
	return r, nil
}

func (c *collection) close() error {
	c.closed.Store(true)
	return c.closeOnce()
}
