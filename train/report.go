package main

import (
	"errors"
	"fmt"
	"image"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"tweedie/train/tensorboard"
)

// A report tells of a run's progress: on the terminal, in metrics.csv and to TensorBoard.
type report struct {
	stderr  io.Writer
	bar     *progressbar.ProgressBar // nil where stderr is no terminal
	metrics *metrics
	events  *tensorboard.Writer
	t       *training

	steps, images int // in all; in a step
	start, line   time.Time
	first         int            // step at which this process started
	loss          float64        // sum since the last row of metrics
	count         int            // of its terms
	unreadable    map[error]bool // one for each image that could not be read
	failure       string         // of the last check
}

const (
	rowEvery  = 10              // steps between rows of metrics
	lineEvery = 5 * time.Second // between lines where there is no terminal
	barEvery  = 100 * time.Millisecond
	mostNamed = 20 // unreadable images named; the rest are counted
)

func newReport(t *training, stderr io.Writer) (*report, error) {
	r := &report{stderr: stderr, t: t, steps: t.Train.Steps, images: t.Train.Batch * t.Train.Accumulate, first: t.step,
		unreadable: map[error]bool{}}
	var err error
	if r.metrics, err = openMetrics(t.folder.Metrics(), t.step); err != nil {
		return nil, err
	}
	if r.events, err = tensorboard.New(string(t.folder)); err != nil {
		return nil, err
	}
	fmt.Fprintf(stderr, "%s: %d images, %d held out; %s of %d parameters; %s\n",
		t.Name, t.set.Len(), t.heldOut(), t.model.Kind(), t.model.Parameters.Count(), t.folder)
	if f, ok := stderr.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		r.bar = progressbar.NewOptions(r.steps, progressbar.OptionSetWriter(stderr), progressbar.OptionSetWidth(20),
			progressbar.OptionThrottle(barEvery), progressbar.OptionShowCount(), progressbar.OptionSetPredictTime(false), progressbar.OptionSetElapsedTime(false),
			progressbar.OptionFullWidth(), progressbar.OptionClearOnFinish())
		r.bar.Set(r.first)
	}
	r.start, r.line = time.Now(), time.Now()
	return r, nil
}

// step reports an optimizer step.
func (r *report) step(step int, loss, rate, gradient float64) error {
	r.loss += loss
	r.count++
	elapsed := time.Since(r.start).Seconds()
	speed := float64((step-r.first)*r.images) / elapsed
	left := time.Duration(float64(r.steps-step) * elapsed / float64(step-r.first) * float64(time.Second)).Round(time.Second)
	mean := r.loss / float64(r.count)
	if r.bar != nil {
		r.bar.Describe(fmt.Sprintf("loss %.4f, %.0f images/s, %v left", mean, speed, left))
		r.bar.Set(step)
	} else if time.Since(r.line) > lineEvery || step == r.steps {
		r.line = time.Now()
		fmt.Fprintf(r.stderr, "step %d/%d  loss %.4f  %.0f images/s  %v left\n", step, r.steps, mean, speed, left)
	}
	if step%rowEvery != 0 && step != r.steps {
		return nil
	}
	r.nameUnreadable()
	r.loss, r.count = 0, 0
	return r.record(step, map[string]float64{
		"loss": mean, "rate": rate, "gradient_norm": gradient, "images_per_second": speed})
}

// record adds values to the metrics and to TensorBoard.
func (r *report) record(step int, values map[string]float64) error {
	err := r.metrics.add(step, time.Since(r.start), values)
	for name, v := range values {
		err = errors.Join(err, r.events.Scalar(name, int64(step), v))
	}
	return errors.Join(err, r.events.Flush())
}

// picture adds a picture to TensorBoard.
func (r *report) picture(name string, step int, m image.Image) error {
	return errors.Join(r.events.Image(name, int64(step), m), r.events.Flush())
}

// nameUnreadable warns of images that were found unreadable since the last call.
func (r *report) nameUnreadable() {
	for _, err := range r.t.set.Unreadable() {
		if !r.unreadable[err] {
			r.unreadable[err] = true
			if len(r.unreadable) <= mostNamed {
				r.warn("skipped: %v", err)
			}
		}
	}
}

// check warns of an error that training survives, unless it is that of the last call.
func (r *report) check(err error) {
	message := ""
	if err != nil {
		message = err.Error()
	}
	if message != "" && message != r.failure {
		r.warn("%s; training goes on", message)
	}
	r.failure = message
}

// warn prints a line.
func (r *report) warn(format string, values ...any) {
	if r.bar != nil {
		r.bar.Clear()
	}
	fmt.Fprintf(r.stderr, "train: "+format+"\n", values...)
}

func (r *report) close() error {
	if r.bar != nil {
		r.bar.Exit()
	}
	r.nameUnreadable()
	if n := len(r.unreadable); n > 0 {
		r.warn("%d images could not be read and were skipped", n)
	}
	return errors.Join(r.metrics.close(), r.events.Close())
}
