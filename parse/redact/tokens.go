package redact

import (
	_ "embed"
	"strconv"
	"strings"
)

// tokenTable has a line for each shape of token that can be told by how it starts: kind,
// prefix, alphabet and least length of what follows.
//
//go:embed tokens.txt
var tokenTable string

// gitleaksTable has the same for the rules of gitleaks that are such a prefix. It is
// made from them by tools/gitleaks, and comes under the licence in gitleaks.LICENSE.
//
//go:embed gitleaks.txt
var gitleaksTable string

// alphabets are the characters that tokens consist of, by their names in the tables.
var alphabets = map[string]string{
	"hex":     "0-9a-f",
	"uuid":    "0-9a-f-",
	"capital": "A-Z0-9",
	"word":    "A-Za-z0-9_",
	"dash":    "A-Za-z0-9_-",
	"dot":     "A-Za-z0-9_.-",
	"base64":  "A-Za-z0-9+/=_-",
	"crypt":   "A-Za-z0-9+/=.,$-",
}

// tokenRules returns the rules of both tables.
func tokenRules() (rules []rule) {
	sets := map[string]*[256]bool{}
	for name, alphabet := range alphabets {
		sets[name] = charset(alphabet)
	}
	seen := map[string]bool{}
	for line := range strings.Lines(tokenTable + gitleaksTable) {
		f := strings.Fields(line)
		if len(f) != 4 || f[0] == "#" || seen[f[1]] {
			continue
		}
		least, _ := strconv.Atoi(f[3])
		seen[f[1]] = true
		rules = append(rules, tokenRule(f[0], f[1], sets[f[2]], least))
	}
	return rules
}

// charset returns the set of characters that ranges such as a-z and single ones name.
func charset(ranges string) *[256]bool {
	set := &[256]bool{}
	for i := 0; i < len(ranges); i++ {
		from, to := ranges[i], ranges[i]
		if i+2 < len(ranges) && ranges[i+1] == '-' {
			to = ranges[i+2]
			i += 2
		}
		for c := int(from); c <= int(to); c++ {
			set[c] = true
		}
	}
	return set
}

// tokenRule returns a rule for tokens that start with prefix, in the case that it has. Before a
// prefix that is a dot there is more of the token.
func tokenRule(kind, prefix string, alphabet *[256]bool, least int) rule {
	anyCase, inside := len(prefix) >= 8, prefix[0] == '.'
	find := func(t *text, at, end int) span {
		if !anyCase && !t.hasPrefix(at, prefix) || !inside && !t.boundary(at) {
			return span{}
		}
		to, from := end, at
		for to < len(t.b) && alphabet[t.b[to]] {
			to++
		}
		for inside && from > 0 && at-from < maxLead && alphabet[t.b[from-1]] {
			from--
		}
		t.steps += to - end + at - from
		if to-end < least {
			return span{}
		}
		return span{from: t.start(from), to: to}
	}
	return rule{kind: kind, find: find, anchors: []string{strings.ToLower(prefix)}}
}

// shortToken finds a token whose prefix is too short to be looked for without what stands before.
func shortToken(t *text, at, end int) span {
	const least = 30
	to := end
	for to < len(t.b) && alnum(t.b[to]) {
		to++
	}
	if t.steps += to - end; to-end < least {
		return span{}
	}
	return span{from: at + 1, to: to}
}

// maxLead is how much of a token stands before its prefix at most.
const maxLead = 64
