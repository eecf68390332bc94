package parse

import (
	"strings"
	"testing"

	"github.com/tidwall/gjson"
)

// lineWith is a line in the fixed layout with more keys behind.
func lineWith(more string) string {
	return `{"level":"error","ts":"2026-11-20T10:00:00.000Z","msg":"Reconciler error","controller":"kustomization",` +
		`"controllerGroup":"kustomize.toolkit.fluxcd.io","controllerKind":"Kustomization","Kustomization":{"name":"apps",` +
		`"namespace":"flux-system"},"namespace":"flux-system","name":"apps","reconcileID":"c0f7d51b"` + more + "}"
}

// TestMoreKeys reads keys behind the fixed ones by both ways: plain, with escapes, with other
// values between them, and what is no JSON.
func TestMoreKeys(t *testing.T) {
	t.Parallel()
	for _, more := range []string{
		``, `,"error":"x"`, `,"error":""`, `,"revision":"main@sha1:1","error":"a \"quoted\" word\n\tand \\ \/"`,
		`,"error":"ends in \\","revision":"v"`, `,"error":"\u0041\ud83d\ude00","revision":"v"`, `,"error":"bad \x escape","revision":"v"`,
		`,"error":"raw	tab and \n","revision":"v"`, `,"output":{"a/b":"created","c":"}"},"revision":"v","error":"e"`,
		`,"k\"ey":"v","error":"e"`, `,"error":"first","error":"second"`, `,"n":1,"b":true,"z":null,"a":["x"],"error":"e"`,
		`,"error":"e" ,"revision":"v"`, `,"error": "e","revision":"v"`, `,"error":"open`, `,"error":"open\`, `,"error"`, `,`, `,"error":"e"x`,
		`,"logger":"event-server","error":"e"`, `,"kustomization":"ns/other"`, `,"alert":"a","object":"o","message":"m","reason":"r"`,
	} {
		both(t, []byte(lineWith(more)))
	}
}

// TestEscapesBeforeMoreKeys reads escapes in the message and elsewhere by both ways.
func TestEscapesBeforeMoreKeys(t *testing.T) {
	t.Parallel()
	for _, more := range [][2]string{
		{`Reconciler error`, `a \"quoted\" name\n`}, {`Reconciler error`, `ends in \\`}, {`Reconciler error`, `\u0041`},
		{`Reconciler error`, `","msg":"\\`}, {`c0f7d51b`, `c0\\f7`}, {`"name":"apps"`, `"name":"a\"pps"`}, {`"error"`, `"err\\or"`},
	} {
		line := []byte(strings.ReplaceAll(lineWith(`,"error":"e"`), more[0], more[1]))
		both(t, line)
		var r Record
		if plain := more[0] == "Reconciler error" && !strings.Contains(more[1], "u0041") && !strings.Contains(more[1], "msg"); r.fixedLayout(line) != plain {
			t.Errorf("%s: read by its layout: %v", line, !plain)
		}
	}
}

// TestEscapesInUsedRecord reads values with escapes into a Record that was used before: they do
// not get into each other's way, and the next line does not see them.
func TestEscapesInUsedRecord(t *testing.T) {
	t.Parallel()
	var r Record
	for _, n := range []int{1, 40, 3, maxSpare, 2} {
		long := strings.Repeat("x", n)
		Parse([]byte(lineWith(`,"error":"e\n`+long+`","reason":"r\n`+long+`","message":"m\n`+long+`"`)), 0, &r)
		if r.Error != "e\n"+long || r.Reason != "r\n"+long || r.Message != "m\n"+long {
			t.Errorf("%d bytes: %.20q %.20q %.20q", n, r.Error, r.Reason, r.Message)
		}
		if cap(r.spare) > 2*maxSpare {
			t.Errorf("%d bytes: a record keeps %d", n, cap(r.spare))
		}
	}
	Parse([]byte(lineWith("")), 0, &r)
	if r.Error != "" || r.Reason != "" || r.Message != "" {
		t.Errorf("left behind: %+v", r)
	}
}

// TestUnescape holds the escapes against another reader of JSON.
func TestUnescape(t *testing.T) {
	t.Parallel()
	for s, plain := range map[string]bool{
		`a`: true, `\"`: true, `\\`: true, `\/\b\f\n\r\t`: true, `é \n ü`: true,
		`\u0041`: false, `\x`: false, "\t": false, `a\`: false,
	} {
		var r Record
		got, ok := r.unescape(s)
		if want := gjson.Parse(`"` + s + `"`).Str; ok != plain || ok && got != want {
			t.Errorf("%s is %q, %v, want %q, %v", s, got, ok, want, plain)
		}
	}
}
