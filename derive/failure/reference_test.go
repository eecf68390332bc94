package failure

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"fluxtrail/fixtures"
	"fluxtrail/parse"
)

// The readers of this package do what these regular expressions say. The expressions are what
// people read and change; the readers are many times faster.

var referenceChanges = []struct{ pattern, becomes string }{
	{`\b(?:[sS][tT][aA][tT][uU][sS](?: ?[cC][oO][dD][eE])?|[cC][oO][dD][eE]|[hH][tT][tT][pP])[:=]? ?\d{3}\b`, ""},
	{`\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?\b`, "<n>"},
	{`\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b`, "<uid>"},
	{`\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b`, "<n>"},
	{`\b(?:\d+(?:\.\d+)?(?:h|ms|µs|us|ns|m|s))+\b`, "<n>"},
	{`\bRequestID: \w+\b`, "RequestID: <n>"},
	{`-[bcdf-hj-np-tv-xz2-9]{8,10}-[bcdf-hj-np-tv-xz2-9]{5}\b`, "-<pod>"},
	{`\b[a-f]{7,}\b`, ""},
	{`\b[0-9a-f]{7,}\b`, "<n>"},
	{`\b\d+\b`, "<n>"},
}

var referenceChanging = func() *regexp.Regexp {
	var groups []string
	for _, c := range referenceChanges {
		groups = append(groups, "("+c.pattern+")")
	}
	return regexp.MustCompile(strings.Join(groups, "|"))
}()

var referencePath = regexp.MustCompile(`(\b[a-z+]+://[^/\s"']+)/[^\s"']*`)

func referenceTemplate(s string) string {
	s = referencePath.ReplaceAllString(s, "$1")
	var out strings.Builder
	end := 0
	for _, m := range referenceChanging.FindAllStringSubmatchIndex(s, -1) {
		which := 0
		for m[2+2*which] < 0 {
			which++
		}
		out.WriteString(s[end:m[0]])
		if becomes := referenceChanges[which].becomes; becomes != "" {
			out.WriteString(becomes)
		} else {
			out.WriteString(s[m[0]:m[1]])
		}
		end = m[1]
	}
	out.WriteString(s[end:])
	return strings.TrimSpace(out.String())
}

// referenceCulprits have the groups kind, ns and name, or path.
var referenceCulprits = []*regexp.Regexp{
	regexp.MustCompile(`^(?:[a-z][\w ,]*: )?(?P<path>[A-Z]\w*/[^\s/]+(?:/[^\s/]+)?) (?:dry-run failed|apply failed|` +
		`delete failed|query failed|not found:|namespace not specified|is SOPS encr|is not SOPS|termination timeout)`),
	regexp.MustCompile(`^can't determine status for (?P<path>[A-Z]\w*/[^\s/,]+(?:/[^\s/,]+)?)`),
	regexp.MustCompile(`\[(?P<path>[A-Z]\w*/[^\s/]+(?:/[^\s/]+)?) status: '`),
	regexp.MustCompile(`[Hh]ealth check (?:timed out|failed)[^\[]*\[(?P<kind>[A-Za-z]+)(?:\.[a-z.]+)? '(?P<ns>[^/']+)/(?P<name>[^']+)'`),
	regexp.MustCompile(`could not resolve (?P<kind>\w+) chart values reference '(?P<ns>[^/']+)/(?P<name>[^']+)'`),
	regexp.MustCompile(`could not find (?P<kind>\w+) '(?P<ns>[^/']+)/(?P<name>[^']+)'`),
	regexp.MustCompile(`(?:failed to get|in|decryption) (?P<kind>[sS]ecret|ConfigMap) '(?P<ns>[^/']+)/(?P<name>[^']+)'`),
	regexp.MustCompile(`\b(?P<kind>[A-Z][A-Za-z]+) "(?P<name>[^"]+)" in namespace "(?P<ns>[^"]*)" exists`),
	regexp.MustCompile(`\b(?P<kind>[A-Z][A-Za-z]+|[a-z]+s)(?:\.[a-z0-9.]+)? "(?P<name>[^"]+)" is (?:invalid|forbidden)`),
}

func referenceCulprit(text string) parse.Ref {
	for _, re := range referenceCulprits {
		m := re.FindStringSubmatch(text)
		if m == nil {
			continue
		}
		group := func(name string) string {
			if i := re.SubexpIndex(name); i >= 0 {
				return m[i]
			}
			return ""
		}
		if path := group("path"); path != "" {
			p := strings.SplitN(path, "/", 3)
			if len(p) == 2 {
				return named(ref(p[0], "", p[1]))
			}
			return named(ref(p[0], p[1], p[2]))
		}
		return named(ref(kindName(group("kind")), group("ns"), group("name")))
	}
	return parse.Ref{}
}

// named is a Ref, zero if no object can have its names.
func named(r parse.Ref) parse.Ref {
	if !r.Valid() {
		return parse.Ref{}
	}
	return r
}

var referenceArtifact = regexp.MustCompile(`https?://[^/\s"']+/` +
	`(gitrepository|ocirepository|helmchart|bucket|helmrepository|externalartifact)/([^/\s"']+)/([^/\s"']+)/`)

func referenceArtifactRef(text string) parse.Ref {
	m := referenceArtifact.FindStringSubmatch(text)
	if m == nil {
		return parse.Ref{}
	}
	return ref(parse.Kind(m[1]), m[2], m[3])
}

// agrees holds the readers against the expressions.
func agrees(t *testing.T, text string) {
	t.Helper()
	if got, want := template(text), referenceTemplate(text); got != want {
		t.Errorf("template of %q:\ngot  %q\nwant %q", text, got, want)
	}
	if got, want := culprit(text), referenceCulprit(text); got != want {
		t.Errorf("culprit of %q: got %q, want %q", text, got, want)
	}
	r := reader{text: text}
	if got, want := r.artifact(), referenceArtifactRef(text); got != want {
		t.Errorf("artifact in %q: got %q, want %q", text, got, want)
	}
}

// pieces are what the expressions look for, in parts: put together at random they make what nearly
// fits, too.
var pieces = strings.Split(`status|Status|StatusCode|code|CODE|HTTP|http|https|: |:|=| |  |404|4040|137|2024-05-02|T|10:00:00|.123|,5|Z|+03:00|-0300|`+
	`02350a0b-a8a3-4cd3-bf58-5400c0fc9662|10.1.2.3|:8080|.|1|12|123|1234|m|s|ms|µs|us|ns|h|1.5|x|é|`+"\xff"+`|RequestID: |_|-|-7d9f8c6b5|-x2xqz|`+
	`deadbee|defaced|0a1b2c3|f34992015998f509a19d2c9721a2f0939ea954d25020ded748ea242fdce7c1fb|://|/|git+|+|a|Z|"|'|`+
	`Deployment|deployments|apps|web|.apps|HelmRelease|Secret|secret|ConfigMap|secrets| dry-run failed| not found:| status: '|[|]|, |Health check |`+
	`health check |failed|timed out|could not resolve |could not find | chart values reference| in|failed to get|decryption|" in namespace "|" exists|`+
	`" is invalid|" is forbidden| "|can't determine status for |reconciliation failed: |gitrepository|helmchart|bucket|source-controller|`+"\n|\t", "|")

// TestReadersAgree reads all recorded errors, and many texts put together of what the readers look
// for.
func TestReadersAgree(t *testing.T) {
	t.Parallel()
	for _, line := range fixtures.Lines() {
		var r parse.Record
		parse.Parse(line, 0, &r)
		agrees(t, r.Msg)
		agrees(t, r.Error)
		agrees(t, string(line))
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		var b strings.Builder
		for range 1 + rnd.IntN(9) {
			b.WriteString(pieces[rnd.IntN(len(pieces))])
		}
		agrees(t, b.String())
	}
}
