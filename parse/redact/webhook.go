package redact

import "bytes"

// webhook returns a rule for URLs whose path is a secret after one of the anchors.
func webhook(anchors ...string) rule {
	find := func(t *text, at, end int) span {
		to := t.pathEnd(end)
		if to-end < 6 {
			return span{}
		}
		return span{from: end, to: to}
	}
	return rule{kind: "webhook", find: find, anchors: anchors}
}

// webhookPath finds the secret in the path of a URL that a word such as hooks tells to be
// one: from the first part that looks like a secret on.
func webhookPath(t *text, at, end int) span {
	to := t.pathEnd(end)
	path := t.b[end:to]
	for n, from := 0, 0; n < 6 && from < len(path); n++ {
		k := bytes.IndexByte(path[from:], '/')
		if k < 0 {
			k = len(path) - from
		}
		part := path[from : from+k]
		if hexadecimal(part, 16) || len(part) >= 10 && random(part) {
			return span{from: end + from, to: to}
		}
		from += k + 1
	}
	return span{}
}

// pathEnd returns where the path ends that goes on at i.
func (t *text) pathEnd(i int) int {
	if t.path.covers(i) {
		return t.path.to
	}
	to := i
	for to < len(t.b) && (class[t.b[to]] != other || bytes.IndexByte([]byte(":@.%~="), t.b[to]) >= 0) {
		to++
	}
	for to > i && t.b[to-1] == ':' {
		to--
	}
	t.steps += to - i
	t.path = reach{i, to}
	return to
}
