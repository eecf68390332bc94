package redact_test

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"fluxtrail/fixtures"
)

// encodings are ways in which a program writes a text as a whole, how it is read again, and how
// many of the samples may be read then. Base64 of up to 27 characters is looked at only if eight of
// its bytes have two capitals, or one and a digit. Letters beyond ASCII in UTF-16 are no UTF-8, and
// make the words around them unknown. Some samples are written with escapes themselves, which are
// other ones when something stands between their characters.
var encodings = []struct {
	name         string
	wrap, unwrap func(string) string
	most         int
}{
	{"base64", inBase64(base64.StdEncoding), fromBase64(base64.StdEncoding), 2},
	{"base64 for URLs", inBase64(base64.RawURLEncoding), fromBase64(base64.RawURLEncoding), 2},
	{"base64 of base64", times(2, inBase64(base64.StdEncoding)), times(2, fromBase64(base64.StdEncoding)), 0},
	{"base64 in lines", columns(64, "\n", inBase64(base64.StdEncoding)), without("\n", anyBase64), 2},
	{"base64 in escaped lines", columns(76, `\n`, inBase64(base64.StdEncoding)), without(`\n`, anyBase64), 2},
	{"base64 of UTF-16", func(s string) string { return inBase64(base64.StdEncoding)(inUTF16(s)) }, func(s string) string { return strings.ReplaceAll(anyBase64(s), "\x00", "") }, 2},
	{"gzip", func(s string) string { return inBase64(base64.StdEncoding)(zipped(s)) }, func(s string) string { return unzipped(fromBase64(base64.StdEncoding)(s)) }, 0},
	{"a release of Helm", func(s string) string { return times(2, inBase64(base64.StdEncoding))(zipped(s)) }, func(s string) string { return unzipped(times(2, fromBase64(base64.StdEncoding))(s)) }, 0},
	{"UTF-16", inUTF16, func(s string) string { return strings.ReplaceAll(s, "\x00", "") }, 27},
	{"hexadecimal", func(s string) string { return hex.EncodeToString([]byte(s)) }, fromNumbers("([0-9a-f]{2})", 16), 0},
	{"hexadecimal in capitals", spelled("%02X", ""), fromNumbers("([0-9A-F]{2})", 16), 0},
	{"hexadecimal with 0x", func(s string) string { return "0x" + hex.EncodeToString([]byte(s)) }, fromNumbers("([0-9a-f]{2})", 16), 0},
	{"hexadecimal with colons", spelled("%02x", ":"), fromNumbers("([0-9a-f]{2}):?", 16), 0},
	{"hexadecimal with spaces", spelled("%02X", " "), fromNumbers("([0-9A-F]{2}) ?", 16), 0},
	{"hexadecimal escapes", spelled(`\x%02x`, ""), fromNumbers(`\\x([0-9a-f]{2})`, 16), 0},
	{"hexadecimal escapes, escaped", spelled(`\\x%02X`, ""), fromNumbers(`\\\\x([0-9A-F]{2})`, 16), 0},
	{"octal escapes", spelled(`\%03o`, ""), fromNumbers(`\\([0-7]{3})`, 8), 0},
	{"quoted-printable", spelled("=%02X", ""), fromNumbers("=([0-9A-F]{2})", 16), 0},
	{"bytes of Go", func(s string) string { return fmt.Sprintf("payload %#v", []byte(s)) }, fromNumbers("0x([0-9a-f]+),? ?", 16), 0},
	{"decimal", func(s string) string { return fmt.Sprint([]byte(s)) }, fromNumbers(`\b([0-9]+)\b ?`, 10), 0},
	{"decimal with commas", spelled("%d", ", "), fromNumbers(`\b([0-9]+)\b,? ?`, 10), 0},
	{"query", url.QueryEscape, fromQuery, 0},
	{"path", url.PathEscape, fromPath, 2},
	{"query in a query", times(2, url.QueryEscape), times(2, fromQuery), 0},
	{"each byte %-encoded", spelled("%%%02X", ""), fromPath, 0},
	{"each byte %-encoded twice", spelled("%%25%02x", ""), times(2, fromPath), 0},
	{"Go", strconv.Quote, same, 0},
	{"Go in ASCII", strconv.QuoteToASCII, fromGo, 0},
	{"JSON, three times", times(3, asString), times(3, fromString), 2},
	{"HTML", html.EscapeString, html.UnescapeString, 0},
	{"HTML of HTML", times(2, html.EscapeString), times(2, html.UnescapeString), 0},
	{"each character an entity", entities("&#x%x;"), html.UnescapeString, 0},
	{"each character a decimal entity", entities("&#%d;"), html.UnescapeString, 0},
	{"each character an entity in JSON", entities(`\u0026#%d;`), func(s string) string { return html.UnescapeString(strings.ReplaceAll(s, `\u0026`, "&")) }, 0},
	{"each character escaped", escapedAll, fromGo, 1},
	{"spaces of no width", parted("\u200b"), without("\u200b", same), 1},
	{"escaped joiners", parted(`\u200d`), without(`\u200d`, same), 1},
	{"soft hyphens", parted("\u00ad"), without("\u00ad", same), 1},
	{"colours", parted("\x1b[1;32m"), without("\x1b[1;32m", same), 1},
	{"escaped colours", parted(`\u001b[0m`), without(`\u001b[0m`, same), 1},
	{"control characters", parted("\b"), without("\b", same), 1},
	{"twice as wide", wide, narrow, 1},
}

func inBase64(e *base64.Encoding) func(string) string {
	return func(s string) string { return e.EncodeToString([]byte(s)) }
}

func fromBase64(e *base64.Encoding) func(string) string {
	return func(s string) string { b, _ := e.DecodeString(s); return string(b) }
}

func fromQuery(s string) string { out, _ := url.QueryUnescape(s); return out }

func fromPath(s string) string { out, _ := url.PathUnescape(s); return out }

func fromGo(s string) string {
	out, err := strconv.Unquote(`"` + strings.NewReplacer("\n", `\n`, "\r", `\r`, "\t", `\t`, "\x1b", `\x1b`, `"`, `\"`).Replace(strings.Trim(s, `"`)) + `"`)
	if err != nil {
		return s
	}
	return out
}

// escapedAll writes each character as \uXXXX but those that JSON has a form of its own for.
func escapedAll(s string) string {
	var b strings.Builder
	for _, c := range s {
		switch {
		case c == '"' || c == '\\':
			b.WriteString(`\` + string(c))
		case c < ' ' && c != 0x1b:
			b.WriteString(strings.Trim(strconv.Quote(string(c)), `"`))
		case c > 0xffff:
			b.WriteRune(c)
		default:
			fmt.Fprintf(&b, `\u%04x`, c)
		}
	}
	return b.String()
}

// spelled writes each byte in the given form, with sep between two.
func spelled(form, sep string) func(string) string {
	return func(s string) string {
		var all []string
		for _, c := range []byte(s) {
			all = append(all, fmt.Sprintf(form, c))
		}
		return strings.Join(all, sep)
	}
}

// fromNumbers replaces what re finds by the byte whose number its first group is.
func fromNumbers(re string, base int) func(string) string {
	compiled := regexp.MustCompile(re)
	return func(s string) string {
		return compiled.ReplaceAllStringFunc(s, func(found string) string {
			n, err := strconv.ParseUint(compiled.FindStringSubmatch(found)[1], base, 8)
			if err != nil {
				return found
			}
			return string([]byte{byte(n)})
		})
	}
}

// entities writes each character as an entity of HTML.
func entities(form string) func(string) string {
	return func(s string) string {
		var b strings.Builder
		for _, c := range s {
			fmt.Fprintf(&b, form, c)
		}
		return b.String()
	}
}

// anyBase64 decodes all that may be base64, from each of the four places where four characters of
// it may start.
func anyBase64(s string) string {
	return base64Word.ReplaceAllStringFunc(s, func(word string) (all string) {
		word = strings.NewReplacer("-", "+", "_", "/", "=", "").Replace(word)
		for from := range 4 {
			whole := word[from:]
			if len(whole)%4 == 1 {
				whole = whole[:len(whole)-1]
			}
			text, _ := base64.RawStdEncoding.DecodeString(whole)
			all += " " + string(text)
		}
		return all
	})
}

var base64Word = regexp.MustCompile(`[A-Za-z0-9+/_-]{8,}={0,2}`)

// columns parts what encode writes into lines of that many characters.
func columns(size int, br string, encode func(string) string) func(string) string {
	return func(s string) string {
		var lines []string
		for line := range slices.Chunk([]byte(encode(s)), size) {
			lines = append(lines, string(line))
		}
		return strings.Join(lines, br)
	}
}

// without decodes what is left if part is taken out.
func without(part string, decode func(string) string) func(string) string {
	return func(s string) string { return decode(strings.ReplaceAll(s, part, "")) }
}

// inUTF16 is s in UTF-16, the lower half of each character first.
func inUTF16(s string) string {
	var b []byte
	for _, c := range utf16.Encode([]rune(s)) {
		b = binary.LittleEndian.AppendUint16(b, c)
	}
	return string(b)
}

func zipped(s string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write([]byte(s))
	w.Close()
	return b.String()
}

func unzipped(s string) string {
	r, err := gzip.NewReader(strings.NewReader(s))
	if err != nil {
		return ""
	}
	b, _ := io.ReadAll(r)
	return string(b)
}

// parted has part between every third letter or digit and the next one.
func parted(part string) func(string) string {
	return func(s string) string {
		var b strings.Builder
		for i := range len(s) {
			if i > 0 && i%3 == 0 && isAlnum(s[i-1]) && isAlnum(s[i]) {
				b.WriteString(part)
			}
			b.WriteByte(s[i])
		}
		return b.String()
	}
}

func isAlnum(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' }

// times is f that many times.
func times(n int, f func(string) string) func(string) string {
	return func(s string) string {
		for range n {
			s = f(s)
		}
		return s
	}
}

// wide writes the characters of ASCII twice as wide, and narrow undoes it.
func wide(s string) string { return shifted(s, '!', '~', '！'-'!') }

func narrow(s string) string { return shifted(s, '！', '～', '!'-'！') }

func shifted(s string, from, to, by rune) string {
	return strings.Map(func(c rune) rune {
		if c >= from && c <= to {
			return c + by
		}
		return c
	}, s)
}

func asString(s string) string { b, _ := json.Marshal(s); return string(b) }

func fromString(s string) string {
	var text string
	if json.Unmarshal([]byte(s), &text) != nil {
		return s
	}
	return text
}

func same(s string) string { return s }

// TestSecretsEncoded looks for the samples in texts that were encoded as a whole, if they can be
// read again then.
func TestSecretsEncoded(t *testing.T) {
	t.Parallel()
	r := newRedactor(t)
	const before = "cannot read: "
	for _, e := range encodings {
		leaks := 0
		for _, s := range fixtures.Secrets() {
			text := e.wrap(s.Text)
			if leak(e.unwrap(text), s.Parts) == "" || leak("payload <redacted:secret-data>", s.Parts) != "" {
				continue
			}
			got := r.String(before + text)
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
