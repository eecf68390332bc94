package frame

import "bytes"

// headings are rows that viewers and collectors put between lines. They hold none themselves; some
// name the pod whose lines follow.
var headings = [...]struct {
	starts, has string
	pod         func(rest []byte) []byte
}{
	{starts: "==== START logs for container ", pod: podOfSection}, // kubectl cluster-info dump
	{starts: "==== END logs for container ", pod: nothing},
	{starts: "==> ", has: " <==", pod: podOfPath}, // head, tail -v
	{starts: "Common labels: {"},                  // Grafana's download as text
	{starts: "Line limit: "},
	{starts: "Total bytes processed: "},
	{starts: "+ ", has: " › "},     // stern: a container appears
	{starts: "- ", has: " › "},     // and goes
	{starts: "┌─"}, {starts: "└─"}, // the frame of a k9s window
	{starts: "Defaulted container ", has: "out of: "}, // kubectl
}

// heading reports whether a line is a heading, and takes the pod that it names for the lines that
// follow.
func (d *Decoder) heading(line []byte) bool {
	if len(line) == 0 || bytes.IndexByte([]byte("=+-CLTD\xe2"), line[0]) < 0 {
		return false
	}
	for _, h := range headings {
		rest, ok := bytes.CutPrefix(line, []byte(h.starts))
		if !ok || !bytes.Contains(rest, []byte(h.has)) {
			continue
		}
		if h.pod != nil {
			d.section = d.name(h.pod(rest))
		}
		d.Piece = Piece{}
		return true
	}
	return false
}

// podOfSection reads `manager of pod NAMESPACE/NAME ====`.
func podOfSection(rest []byte) []byte {
	_, pod, _ := bytes.Cut(rest, []byte(" of pod "))
	pod, _, _ = bytes.Cut(pod, space)
	return pod[bytes.IndexByte(pod, '/')+1:]
}

// podOfPath finds a pod in the path of `PATH <==`.
func podOfPath(rest []byte) []byte {
	path, _, _ := bytes.Cut(rest, []byte(" <=="))
	return []byte(podIn(string(path)))
}

func nothing([]byte) []byte { return nil }
