package frame

import "bytes"

var space = []byte{' '}

// prefixed reads a line behind a viewer's prefix. A timestamp may stand before the prefix (k9s) or
// behind it (stern, kubectl logs --prefix --timestamps).
func (d *Decoder) prefixed(line []byte) bool {
	before, line := d.timestamp(line)
	pod, text, ok := cutPrefix(line)
	after, text := d.timestamp(text)
	d.Piece = Piece{Text: text, Time: max(before, after)}
	if len(pod) > 0 {
		d.Piece.Pod = d.name(pod)
	}
	return ok || len(text) > 0 && text[0] == '{'
}

// prefixShapes are tried in this order; the last one takes any prefix but insists on zap's JSON
// behind it.
var prefixShapes = [...]func(line []byte) (pod, text []byte, ok bool){
	bracketPrefix, composePrefix, podPrefix, syslogPrefix, grafanaPrefix, wordPrefix, jsonPrefix,
}

// cutPrefix takes a viewer's prefix off the line, and gives the whole line when it has none.
func cutPrefix(line []byte) (pod, text []byte, ok bool) {
	for _, shape := range prefixShapes {
		if pod, text, ok = shape(line); ok {
			return pod, text, true
		}
	}
	return nil, line, false
}

// bracketPrefix reads `[pod/NAME/CONTAINER] ` (kubectl logs --prefix) and `[NAME] ` (kubetail).
func bracketPrefix(line []byte) (pod, text []byte, ok bool) {
	if len(line) == 0 || line[0] != '[' {
		return nil, nil, false
	}
	inside, text, ok := bytes.Cut(line[1:], []byte("] "))
	if !ok {
		inside, ok = bytes.CutSuffix(line[1:], []byte("]"))
	}
	if !ok {
		return nil, nil, false
	}
	if name, ok := bytes.CutPrefix(inside, []byte("pod/")); ok {
		pod, _, _ = bytes.Cut(name, []byte("/"))
		return pod, text, true
	}
	pod, _, _ = bytes.Cut(inside, space)
	return pod, text, podName(pod)
}

// podPrefix reads the generated name of a pod in front of the text: `POD CONTAINER ` (stern),
// `NAMESPACE POD CONTAINER ` (stern --all-namespaces), `POD:CONTAINER ` (k9s).
func podPrefix(line []byte) (pod, text []byte, ok bool) {
	for range 2 {
		word, rest, found := bytes.Cut(line, space)
		name, _, colon := bytes.Cut(word, []byte(":"))
		if !found || !dnsName(word) {
			return nil, nil, false
		}
		if podName(name) && colon {
			return name, rest, true
		}
		if podName(name) {
			return name, cutWord(rest), true
		}
		line = rest
	}
	return nil, nil, false
}

// composePrefix reads `NAME   | `, as docker compose and others write it.
func composePrefix(line []byte) (pod, text []byte, ok bool) {
	word, rest, ok := bytes.Cut(line, []byte(" | "))
	if word = bytes.TrimRight(word, " "); !ok || !dnsName(word) {
		return nil, nil, false
	}
	if podName(word) {
		pod = word
	}
	return pod, rest, true
}

// syslogPrefix reads `Nov 20 10:22:54 HOST PROGRAM[123]: `, as syslog and journalctl write it. The
// program may be named after a pod. The time has no year, and is left alone.
func syslogPrefix(line []byte) (pod, text []byte, ok bool) {
	const date = "Jan _2 15:04:05 "
	if len(line) < len(date) || line[3] != ' ' || line[9] != ':' || line[12] != ':' || line[15] != ' ' {
		return nil, nil, false
	}
	_, rest, _ := bytes.Cut(line[len(date):], space) // the host
	program, text, ok := bytes.Cut(rest, []byte("]: "))
	program, _, process := bytes.Cut(program, []byte("["))
	if !ok || !process || bytes.IndexByte(program, ' ') >= 0 {
		return nil, nil, false
	}
	if podName(program) {
		pod = program
	}
	return pod, text, true
}

// grafanaPrefix reads Grafana's download as text: Unix milliseconds, a tab, the time, a tab.
func grafanaPrefix(line []byte) (pod, text []byte, ok bool) {
	millis, rest, ok := bytes.Cut(line, []byte{'\t'})
	if !ok || len(millis) < 12 || len(bytes.Trim(millis, "0123456789")) > 0 {
		return nil, nil, false
	}
	_, text, ok = bytes.Cut(rest, []byte{'\t'})
	return nil, text, ok
}

// cutWord takes the name of a container off the text, if there is one.
func cutWord(text []byte) []byte {
	word, rest, found := bytes.Cut(text, space)
	if found && dnsName(word) {
		return rest
	}
	return text
}

// wordPrefix reads up to three names of any look in front of a JSON object; the last of them is
// the container.
func wordPrefix(line []byte) (pod, text []byte, ok bool) {
	var last []byte
	for range 3 {
		word, rest, found := bytes.Cut(line, space)
		if !found || !dnsName(word) {
			return nil, nil, false
		}
		pod, last, line = last, word, rest
		if bytes.HasPrefix(line, []byte(`{"`)) {
			return pod, line, true
		}
	}
	return nil, nil, false
}

// maxPrefix is the longest unknown prefix that is taken off.
const maxPrefix = 256

// jsonPrefix takes anything off that stands before a line of zap's JSON encoder: the prefix of
// journald, syslog, or of an export.
func jsonPrefix(line []byte) (pod, text []byte, ok bool) {
	head := line[:min(len(line), maxPrefix)]
	for _, start := range [...]string{`{"level":"`, `{"ts":"`} {
		if i := bytes.Index(head, []byte(start)); i > 0 && head[0] != '{' {
			return nil, line[i:], true
		}
	}
	return nil, nil, false
}

// dnsName reports whether b can be the name of a pod, namespace or container, or POD:CONTAINER.
func dnsName(b []byte) bool {
	for _, c := range b {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '.' && c != ':' {
			return false
		}
	}
	return len(b) > 0 && b[len(b)-1] != ':'
}

// suffixAlphabet is what the ends of generated names are made of (k8s.io/apimachinery
// pkg/util/rand leaves out vowels, and 0, 1 and 3 too): hardly an English word ends like that.
const suffixAlphabet = "bcdfghjklmnpqrstvwxz0123456789"

// podName reports whether b looks like the name of a pod that a workload generated.
func podName(b []byte) bool {
	i := bytes.LastIndexByte(b, '-')
	if i <= 0 || len(b)-i-1 != 5 || !dnsName(b) {
		return false
	}
	for _, c := range b[i+1:] {
		if bytes.IndexByte([]byte(suffixAlphabet), c) < 0 {
			return false
		}
	}
	return true
}
