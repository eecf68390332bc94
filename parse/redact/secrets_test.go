package redact_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"fluxtrail/fixtures"
)

// wrappings are the ways in which a text gets into a log line, and how it is read there.
var wrappings = []struct {
	name   string
	wrap   func(text string) string
	unwrap func(line string) string
}{
	{"alone", func(s string) string { return s }, func(s string) string { return s }},
	{"json", inJSON, fromJSON},
	{"json in json", func(s string) string { return inJSON(inJSON(s)) }, func(s string) string { return fromJSON(fromJSON(s)) }},
	{"json with < > & escaped", inEscapedJSON, fromJSON},
	{"logfmt", func(s string) string { return fmt.Sprintf("level=error err=%q next=5m0s", s) }, func(s string) string { return s }},
	{"wrapped", func(s string) string { return "Reconciliation failed: " + s + ": retrying in 5m0s" }, func(s string) string { return s }},
	{"yaml", func(s string) string { return "error: |\n  " + strings.ReplaceAll(s, "\n", "\n  ") + "\nnext: 5m\n" }, func(s string) string { return s }},
}

// inJSON is what a controller's encoder makes of an error.
func inJSON(text string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(map[string]string{"level": "error", "error": text, "next": "5m0s"}); err != nil {
		panic(err)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// inEscapedJSON is what encoding/json makes of an error if it is not told otherwise.
func inEscapedJSON(text string) string {
	b, _ := json.Marshal(map[string]string{"level": "error", "error": text, "next": "5m0s"}) // strings only
	return string(b)
}

func fromJSON(line string) string {
	var m map[string]string
	if err := json.Unmarshal([]byte(line), &m); err != nil {
		return "no JSON: " + err.Error() + line
	}
	return m["error"]
}

// leak returns the part of a secret that text still has, "" if none. Of a long secret,
// no half may be left.
func leak(text string, parts []string) string {
	for _, p := range parts {
		half := max(min(len(p), 6), len(p)/2)
		for i := 0; i+half <= len(p); i++ {
			if strings.Contains(text, p[i:i+half]) {
				return p[i : i+half]
			}
		}
	}
	return ""
}

func TestSecrets(t *testing.T) {
	t.Parallel()
	samples := fixtures.Secrets()
	if len(samples) < 300 {
		t.Errorf("%d samples", len(samples))
	}
	r := newRedactor(t)
	for _, w := range wrappings {
		leaks := 0
		for _, s := range samples {
			line := w.wrap(s.Text)
			got := w.unwrap(r.String(line))
			if part := leak(got, s.Parts); part != "" {
				leaks++
				t.Errorf("%s, %s: %q is left in %s", s.Name, w.name, part, got)
			}
		}
		t.Logf("%s: %d leaks of %d", w.name, leaks, len(samples))
	}
}

// forms are how a name and its value are written down, with the kinds of values that they
// can hold: w is one word that looks like a secret, q may hold anything but quotes.
var forms = []struct{ form, values string }{
	{"NAME=VALUE", "w"}, {"a=b NAME=VALUE c=d", "w"}, {"x: 1\nNAME: VALUE\ny: 2\n", "wq"}, {`{"NAME":"VALUE"}`, "wq"},
	{`values: {"a":1,"NAME":"VALUE","b":2}`, "wq"}, {`NAME="VALUE" next=1`, "wq"}, {"NAME='VALUE' next=1", "wq"},
	{"tool --NAME=VALUE -v", "w"}, {"tool --NAME VALUE -v", "w"}, {`tool --NAME "VALUE" -v`, "wq"}, {"<NAME>VALUE</NAME>", "wq"},
	{`{:NAME => "VALUE"}`, "wq"}, {"{'NAME': 'VALUE', 'x': 1}", "wq"}, {"map[a:b NAME:VALUE x:1]", "w"},
	{"https://host/path?x=1&NAME=VALUE", "w"}, {"https://host/path?NAME=VALUE&x=1: 401", "w"}, {`NAME := "VALUE"`, "wq"},
	{"export NAME=VALUE; run", "w"}, {`{"name":"NAME","value":"VALUE"}`, "wq"}, {"- name: NAME\n  value: VALUE\n", "wq"},
	{"EnvVar{Name:\"NAME\", Value:\"VALUE\"}", "wq"}, {"NAME: |\n  VALUE\nx: 1\n", "wq"}, {"a:\n  NAME:\n    VALUE\n  x: 1\n", "w"},
	{"refused: invalid NAME: VALUE, try again", "w"}, {"NAME: VALUE: refused", "w"}, {"wrong NAME VALUE for joe", "w"},
	{"the NAME is VALUE", "w"}, {`the NAME "VALUE" is wrong`, "w"}, {"(NAME=VALUE)", "w"}, {"[NAME=VALUE]", "w"}, {"{NAME: VALUE}", "w"},
	{`["--NAME","VALUE"]`, "wq"}, {"NAME = VALUE", "w"}, {`NAME = "VALUE"`, "wq"}, {"set NAME=VALUE,x=1", "w"}, {"x;NAME=VALUE;y", "w"},
	{`{"NAME":{"value":"VALUE"}}`, "wq"}, {`{"NAME":["VALUE"]}`, "wq"}, {"x = 1\nNAME = VALUE\ny = 2\n", "wq"},
	{`literal "NAME=VALUE" is malformed`, "w"}, {"Change NAME: VALUE -> other", "w"}, {"&{User:app NAME:VALUE Host:pg}", "w"},
	{"[{Name:HOME Value:/tmp ValueFrom:nil} {Name:NAME Value:VALUE ValueFrom:nil}]", "w"},
	{`spec.values.auth.NAME: Invalid value: "VALUE": must match`, "w"}, {`stringData.NAME: "VALUE"`, "w"},
	{`{"NAME":{"sensitive":true,"type":"string","value":"VALUE"}}`, "wq"}, {`{"field":"NAME","rejectedValue":"VALUE"}`, "wq"},
	{`<entry key="NAME">VALUE</entry>`, "w"}, {`System.getProperty("NAME") = VALUE`, "w"},
}

var telling = []string{
	"password", "DB_PASSWORD", "adminPassword", "db-passwd", "passphrase", "token", "API_TOKEN", "accessToken", "auth-token", "apiKey",
	"api_key", "X-API-Key", "client_secret", "clientSecret", "secretKey", "private_key", "AWS_SECRET_ACCESS_KEY", "userPassword2",
	"refresh_token", "signing-key", "jwt", "webhookSecret", "mysql_pwd", "secret_key_base", "ENCRYPTION_KEY", "credentials",
}

var words = []string{
	"Zx8kk7PwQ2", "hunter2x9", "s3cr3tPa55", "aB3/dE6+gH9=", "p@ss:w0rd#1", "Tr0ub4dor&3x", "pässwörd77", "aB.C9d.E8fg", "$ecr3t$9Q",
	"0f3a9c2b7d4e5f60718293a4b5c6d7e8", "6a7b8c9d-1111-4222-8333-444455556666", "eu7-Zx8kk7PwQ2", "Zx8kk7Pw%21", "xK9~mQ2^vL5*",
}

var phrases = []string{"correct horse battery", "Zx8 kk7, Pw9;", "a=b&c=d e", "a <Zx8kk7>", "Zx8{} [kk7]", "päss wörd", "it is X9z"}

// TestVariants makes secrets of all names, forms and values, in all wrappings.
func TestVariants(t *testing.T) {
	t.Parallel()
	r := newRedactor(t)
	total, leaks := 0, 0
	for _, f := range forms {
		for i, name := range telling {
			var values []string
			if strings.Contains(f.values, "w") {
				values = append(values, words...)
			}
			if strings.Contains(f.values, "q") {
				values = append(values, phrases...)
			}
			for j, value := range values {
				w := wrappings[(i+j)%len(wrappings)]
				text := strings.NewReplacer("NAME", name, "VALUE", value).Replace(f.form)
				total++
				if part := leak(w.unwrap(r.String(w.wrap(text))), []string{value}); part != "" {
					leaks++
					t.Errorf("%s: %q is left in %s", w.name, part, r.String(w.wrap(text)))
				}
			}
		}
	}
	t.Logf("%d leaks of %d", leaks, total)
}

// TestSecretsCut looks for the first half of secrets in texts that end there, as lines do that
// their writer did not finish, and that end before the word, as those do that are cut for their
// length. What is left in a word lacks what tells that it is a secret.
func TestSecretsCut(t *testing.T) {
	t.Parallel()
	r := newRedactor(t)
	all, inWord, beforeWord := 0, 0, 0
	for _, s := range fixtures.Secrets() {
		for _, p := range s.Parts {
			i, size := strings.Index(s.Text, p), len(p)*3/4
			if i < 0 || size < 6 {
				continue
			}
			all++
			text, half := s.Text[:i+size], p[:max(6, len(p)/2)]
			if strings.Contains(r.String(text), half) {
				inWord++
			}
			text = text[:strings.LastIndexAny(text, " \"'`\n")+1] + "…[cut 123 bytes sha256:0a1b2c3d]"
			if strings.Contains(r.String(text), half) {
				beforeWord++
				t.Logf("%s: %.200s", s.Name, r.String(text))
			}
		}
	}
	t.Logf("of %d parts %d leak in a word, %d before one", all, inWord, beforeWord)
	if inWord*100 > 8*all || beforeWord*1000 > 3*all {
		t.Error("more than 8 % in a word, or 0.3 % before one")
	}
}
