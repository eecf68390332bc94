package cli

import "io"

// Output is standard output as commands have it. It remembers that something could not be written,
// which is told at the end also where nobody looks at the error, as with help.
type Output struct {
	to   io.Writer
	lost error
}

// NewOutput makes an Output that writes to w.
func NewOutput(w io.Writer) *Output { return &Output{to: w} }

// Write implements io.Writer.
func (o *Output) Write(p []byte) (int, error) {
	n, err := o.to.Write(p)
	if o.lost == nil {
		o.lost = err
	}
	return n, err
}

// Lost is why something could not be written, the first time, nil where all was.
func (o *Output) Lost() error { return o.lost }

// Plain is what w writes to where it is an Output, or w.
func Plain(w io.Writer) io.Writer {
	if o, ok := w.(*Output); ok {
		return o.to
	}
	return w
}
