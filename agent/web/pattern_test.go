package web

import (
	"math/rand/v2"
	"net/url"
	"path"
	"slices"
	"strings"
	"testing"

	"fluxtrail/api"
)

// TestPatternIsThatOfPath compares with path.Match over all that short patterns and values can be.
func TestPatternIsThatOfPath(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	text := func(of string) string {
		b := make([]byte, random.IntN(9))
		for i := range b {
			b[i] = of[random.IntN(len(of))]
		}
		return string(b)
	}
	matched := 0
	for range 200_000 {
		p, value := text("aab*?"), text("aab")
		want, err := path.Match(p, value)
		if got := newPattern(p).matches(value); err != nil || got != want {
			t.Fatalf("%q, %q: %v, want %v, %v", p, value, got, want, err)
		}
		if want {
			matched++
		}
	}
	if matched < 1000 {
		t.Errorf("only %d of them match", matched)
	}
	for _, p := range []string{`[ab]*`, `a\*`, `*\?`, `[*]a`} {
		for _, value := range []string{"a*", "a", "*a", "b?", "ab"} {
			if want, _ := path.Match(p, value); newPattern(p).matches(value) != want {
				t.Errorf("%q, %q: want %v", p, value, want)
			}
		}
	}
}

// TestPatternsAreCheap refuses those that take a time out of proportion: a part with ? or [ behind a
// star is tried at each place of each name.
func TestPatternsAreCheap(t *testing.T) {
	t.Parallel()
	for value, ok := range map[string]bool{
		strings.Repeat("*a", 490) + "b":                     true,
		strings.Repeat("apps-production-*,", 50):            true,
		strings.Repeat("*prod*eu*,", 90):                    true,
		"web-??-*,api-[0-9]-*":                              true,
		strings.Repeat("web-??,", 90):                       true,
		"*" + strings.Repeat("?", 40) + "!":                 false,
		strings.Repeat("*[^/][^/]!,", 25):                   false,
		"*?aaaaaaaaaaaaa," + strings.Repeat("*?aaaaa,", 20): false,
	} {
		_, err := parseQuery(url.Values{"name": {value}}, objectStatuses)
		if (err == nil) != ok {
			t.Errorf("%s: %v", value, err)
		}
	}
}

// TestIncidentsOverChanges asks for one incident at a time, and has the one that was given last
// forgotten, and the last of the list come first, as one that ends. Each is given once.
func TestIncidentsOverChanges(t *testing.T) {
	t.Parallel()
	entry := func(name string) Entry {
		return Entry{Ref: api.Ref{Kind: "Kustomization", Namespace: "a", Name: name}, From: 7}
	}
	list, cursor := []Entry{entry("a"), entry("b"), entry("c"), entry("d")}, ""
	var got []string
	for range 4 {
		q := query{limit: 1, after: cursor}
		numbers, next, err := q.selected(list, incidentCursor, pastIncident)
		if err != nil || len(numbers) != 1 {
			t.Fatal(numbers, err)
		}
		given := list[numbers[0]].Name
		got, cursor = append(got, given), next
		list = slices.DeleteFunc(list, func(e Entry) bool { return e.Name == given })
		if n := len(list); n > 0 {
			list = slices.Concat(list[n-1:], list[:n-1])
		}
		if cursor == "" {
			break
		}
	}
	if want := []string{"a", "b", "c", "d"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
