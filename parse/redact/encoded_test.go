package redact_test

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"html"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"fluxtrail/fixtures"
)

// encodings are ways in which a program writes a text as a whole, how it is read again, and how
// many of the samples may be read then: base64 and hexadecimal digits shorter than 22 characters are
// told from no name, and a plus sign is no space where nothing is %-encoded and no name stands
// between two.
var encodings = []struct {
	name         string
	wrap, unwrap func(string) string
	most         int
}{
	{"base64", inBase64(base64.StdEncoding), fromBase64(base64.StdEncoding), 4},
	{"base64 for URLs", inBase64(base64.RawURLEncoding), fromBase64(base64.RawURLEncoding), 4},
	{
		"base64 of base64", func(s string) string { return inBase64(base64.StdEncoding)(inBase64(base64.StdEncoding)(s)) },
		func(s string) string { return fromBase64(base64.StdEncoding)(fromBase64(base64.StdEncoding)(s)) }, 0,
	},
	{"hexadecimal", func(s string) string { return hex.EncodeToString([]byte(s)) }, fromHex, 11},
	{"query", url.QueryEscape, fromQuery, 14},
	{"path", url.PathEscape, fromPath, 2},
	{"query in a query", func(s string) string { return url.QueryEscape(url.QueryEscape(s)) }, func(s string) string { return fromQuery(fromQuery(s)) }, 5},
	{"each byte %-encoded", everyByte("%%%02X"), fromPath, 4},
	{"Go", strconv.Quote, func(s string) string { return s }, 0},
	{"Go in ASCII", strconv.QuoteToASCII, fromGo, 2},
	{"HTML", html.EscapeString, html.UnescapeString, 4},
	{"HTML of HTML", func(s string) string { return html.EscapeString(html.EscapeString(s)) }, func(s string) string { return html.UnescapeString(html.UnescapeString(s)) }, 8},
	{"each character escaped", everyByte(`\u%04x`), fromGo, 5},
}

func inBase64(e *base64.Encoding) func(string) string {
	return func(s string) string { return e.EncodeToString([]byte(s)) }
}

func fromBase64(e *base64.Encoding) func(string) string {
	return func(s string) string { b, _ := e.DecodeString(s); return string(b) }
}

func fromHex(s string) string { b, _ := hex.DecodeString(s); return string(b) }

func fromQuery(s string) string { out, _ := url.QueryUnescape(s); return out }

func fromPath(s string) string { out, _ := url.PathUnescape(s); return out }

func fromGo(s string) string {
	out, err := strconv.Unquote(`"` + strings.NewReplacer("\n", `\n`, "\r", `\r`, "\t", `\t`, "\x1b", `\x1b`, `"`, `\"`).Replace(strings.Trim(s, `"`)) + `"`)
	if err != nil {
		return s
	}
	return out
}

// everyByte writes each byte in the given form; escaped are those only that JSON has no form of
// its own for.
func everyByte(form string) func(string) string {
	return func(s string) string {
		var b strings.Builder
		for _, c := range []byte(s) {
			if form[0] == '\\' && (c >= 0x80 || c < ' ' || c == '"' || c == '\\') {
				b.WriteByte(c)
				continue
			}
			fmt.Fprintf(&b, form, c)
		}
		return b.String()
	}
}

// TestSecretsEncoded looks for the samples in texts that were encoded as a whole.
func TestSecretsEncoded(t *testing.T) {
	t.Parallel()
	r := newRedactor(t)
	const before = "cannot read: "
	for _, e := range encodings {
		leaks := 0
		for _, s := range fixtures.Secrets() {
			got := r.String(before + e.wrap(s.Text))
			if part := leak(e.unwrap(strings.TrimPrefix(got, before)), s.Parts); part != "" {
				leaks++
				t.Logf("%s, %s: %q is left in %.200s", s.Name, e.name, part, got)
			}
		}
		if leaks > e.most {
			t.Errorf("%s: %d leaks, want at most %d", e.name, leaks, e.most)
		}
	}
}
