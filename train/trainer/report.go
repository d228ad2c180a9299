package trainer

import (
	"errors"
	"fmt"
	"image"
	"time"

	"tweedie/data"
	"tweedie/train/tensorboard"
)

// A report passes a run's progress on to the observer, metrics.csv and TensorBoard.
type report struct {
	t        *training
	observer Observer
	metrics  *metrics
	events   *tensorboard.Writer

	began      time.Time         // when this process took its first step
	first      int               // steps done before it
	loss       float64           // sum since the last row of metrics
	count      int               // losses in the sum
	unreadable map[error]bool    // an error for each image that could not be read
	failures   map[string]string // by task: the cause of its last error, until it works again
}

const (
	rowEvery  = 10 // steps between rows of metrics
	mostNamed = 20 // unreadable images named; the rest are counted
)

func newReport(t *training, observer Observer) *report {
	if observer == nil {
		observer = silent{}
	}
	return &report{t: t, observer: observer, unreadable: map[error]bool{}, failures: map[string]string{}}
}

// open opens the files that grow.
func (r *report) open() (err error) {
	var damaged int
	if r.metrics, damaged, err = openMetrics(r.t.run.Metrics(), r.t.step); err != nil {
		return err
	}
	if damaged > 0 {
		r.observer.Warn(fmt.Sprintf("%s: %d damaged row(s), as a crash leaves them, were removed",
			r.t.run.Metrics(), damaged))
	}
	r.events, err = tensorboard.New(string(r.t.run.Folder))
	return err
}

// start begins to count time.
func (r *report) start() {
	t := r.t
	r.began, r.first = time.Now(), t.step
	s := Summary{
		Name: t.Name, Images: t.set.Len(), HeldOut: t.heldOut(),
		Network: t.model.Kind(), Parameters: t.model.Parameters.Count(), Folder: t.run.Folder,
		First: t.step, Steps: t.Train.Steps,
	}
	if t.extension != nil && t.step < t.extension.From+t.extension.Over {
		s.Extension = t.extension.describe(t.Train)
	}
	r.observer.Started(s)
}

// stepDone reports the optimizer's step done last.
func (r *report) stepDone(loss float64) {
	t := r.t
	r.loss += loss
	r.count++
	elapsed := time.Since(r.began).Seconds()
	done := float64(t.step - r.first)
	left := float64(t.Train.Steps-t.step) * elapsed / done
	p := Progress{
		Step: t.step, Steps: t.Train.Steps, Loss: r.loss / float64(r.count),
		Rate: t.adam.Rate, GradientNorm: t.adam.GradientNorm,
		ImagesPerSecond: done * float64(t.Train.Batch*t.Train.Accumulate) / elapsed,
		Left:            time.Duration(left * float64(time.Second)).Round(time.Second),
	}
	r.observer.Progress(p)
	if t.step%rowEvery != 0 && t.step != t.Train.Steps {
		return
	}
	r.nameUnreadable()
	r.loss, r.count = 0, 0
	r.record(map[string]float64{
		"loss": p.Loss, "rate": p.Rate, "gradient_norm": p.GradientNorm, "images_per_second": p.ImagesPerSecond})
}

// record adds values to the metrics and to TensorBoard.
func (r *report) record(values map[string]float64) {
	r.check("metrics.csv", r.metrics.add(r.t.step, time.Since(r.began), values))
	var err error
	for name, v := range values {
		err = errors.Join(err, r.events.Scalar(name, int64(r.t.step), v))
	}
	r.check("events for TensorBoard", errors.Join(err, r.events.Flush()))
}

// picture adds a picture to TensorBoard.
func (r *report) picture(name string, m image.Image) {
	r.check("events for TensorBoard", errors.Join(r.events.Image(name, int64(r.t.step), m), r.events.Flush()))
}

// nameUnreadable warns of images that were found unreadable since the last call.
func (r *report) nameUnreadable() {
	set, files := r.t.set.(*data.Set)
	if !files {
		return
	}
	for _, err := range set.Unreadable() {
		if !r.unreadable[err] {
			r.unreadable[err] = true
			if len(r.unreadable) <= mostNamed {
				r.observer.Warn(fmt.Sprintf("skipped: %v", err))
			}
		}
	}
}

// check warns of a task's error, which does not end the training, and when the task works again. It does not repeat a
// warning while the error has the same cause. (The whole message may name another file each time.)
func (r *report) check(task string, err error) {
	before := r.failures[task]
	switch {
	case err != nil && cause(err) != before:
		r.failures[task] = cause(err)
		r.observer.Warn(fmt.Sprintf("%v; training goes on", err))
	case err == nil && before != "":
		delete(r.failures, task)
		r.observer.Warn(task + ": works again")
	}
}

// cause is the message of the innermost error, such as the operating system's.
func cause(err error) string {
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(err) {
		err = inner
	}
	return err.Error()
}

// reopen goes on with new files after the run's folder was deleted.
func (r *report) reopen() error {
	r.closeFiles()
	return r.open()
}

// close writes what has not been written yet.
func (r *report) close() {
	r.nameUnreadable()
	if n := len(r.unreadable); n > 0 {
		r.observer.Warn(fmt.Sprintf("%d images could not be read and were skipped", n))
	}
	r.closeFiles()
}

func (r *report) closeFiles() {
	if r.metrics != nil {
		r.closed(r.metrics.Close())
	}
	if r.events != nil {
		r.closed(r.events.Close())
	}
}

func (r *report) closed(err error) {
	if err != nil {
		r.observer.Warn(fmt.Sprintf("%v; the last rows are lost", err))
	}
}
