package redact

import (
	"encoding/hex"
	"strings"
)

// hexedWords are parts of secrets and of their names that are looked for in hexadecimal text.
var hexedWords = []string{
	"assw", "ASSW", "asswd", "oken", "OKEN", "ecret", "ECRET", "_KEY", "ikey", "://", "-----", "eyJ", "earer", "asic ", "ghp_", "glpat", "AKIA", "redent",
	"error", "fail", "http", "not ", " for ", "user", "exec", "name", "pass", "data", "auth", "login", "admin", "root", "valid", "\":\"", "host", "cannot",
}

// hexedAnchors returns them as they stand there.
func hexedAnchors() (anchors []string) {
	for _, w := range hexedWords {
		anchors = append(anchors, strings.ToLower(hex.EncodeToString([]byte(w))))
	}
	return anchors
}

// maxHexed is how much of a hexadecimal text is decoded.
const maxHexed = 4096

// hexed finds a text that is written in hexadecimal digits and in which a secret is.
func hexed(t *text, at, _ int) span {
	if t.hexed.covers(at) || t.inner == nil {
		return span{}
	}
	from, to := at, at
	for from > t.done && at-from < maxHexed && hexValue(t.b[from-1]) >= 0 {
		from--
	}
	for to < len(t.b) && hexValue(t.b[to]) >= 0 {
		to++
	}
	t.steps += to - from
	t.hexed = reach{from, to}
	from = t.start(from)
	from += (at - from) & 1
	end := min(to, from+maxHexed)
	text := make([]byte, (end-from)/2)
	if n, _ := hex.Decode(text, t.b[from:end-(end-from)&1]); n < 4 || !readable(text[:min(n, 24)]) || !t.inner.find(text[:n]) {
		return span{}
	}
	return span{from: from, to: to}
}

// readable reports whether b consists of characters of ASCII that are written.
func readable(b []byte) bool {
	for _, c := range b {
		if c < ' ' && c != '\n' && c != '\t' && c != '\r' || c >= 0x7f {
			return false
		}
	}
	return true
}
