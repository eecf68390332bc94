package redact

import (
	"bytes"
	"slices"
)

// toolFlags are tools, by how their names start, and the flags after which they get a secret.
var toolFlags = map[string][]string{
	"snmp":    {" -c ", " -A ", " -X "},
	"openssl": {" -k ", " -K ", " -iv "},
	"7z ":     {" -p"},
	"unzip":   {" -P "},
	"zip ":    {" -P "},
	"slapp":   {" -s "},
	"ssh-":    {" -P ", " -N "},
	"ldap":    {" -w ", " -s ", " -a "},
	"ipmit":   {" -P "},
}

// toolAnchors are the tools.
var toolAnchors = []string{
	"snmpwalk ", "snmpget ", "openssl ", "7z x ", "7z a ", "unzip ", "zip -p ", "ssh-keygen ", "ldappasswd ", "slappasswd ", "ipmitool ",
}

// toolFlag finds the secret after one of the flags of the tool at the anchor.
func toolFlag(t *text, at, end int) span {
	window := t.b[end-1 : max(end, min(t.lineEnd(at), end+2*maxBefore))]
	t.steps += len(window)
	var found []span
	for tool, flags := range toolFlags {
		if !t.hasPrefix(at, tool) {
			continue
		}
		for _, flag := range flags {
			k := bytes.Index(window, []byte(flag))
			if k < 0 {
				continue
			}
			s := t.argument(end - 1 + k + len(flag))
			if value := t.shown(s); len(value) > 3 && !placeholder(value) && value[0] != '-' && value[0] != '/' {
				s.kind = "secret"
				found = append(found, s)
			}
		}
	}
	slices.SortFunc(found, func(a, b span) int { return a.from - b.from })
	return t.several(found)
}

// piped finds what a shell pipes into another program, where it looks like a secret.
func piped(t *text, _, end int) span {
	s := t.argument(end)
	i := s.to
	if s.quoted {
		i += max(t.quoteAt(i), t.singleQuote(i))
	}
	if i = t.skipSpace(i); !t.hasPrefix(i, "|") || !odd(t.b[s.from:s.to]) {
		return span{}
	}
	return s
}

// vendorKey finds a key of 32 hexadecimal digits near the name of a vendor whose keys have no other
// mark.
func vendorKey(t *text, at, end int) span {
	const near, size = 96, 32
	from, to := max(t.done, at-near), min(t.end(end), end+near)
	t.steps += to - from
	for i := from; i+size <= to; i++ {
		n := 0
		for i+n < to && hexValue(t.b[i+n]) >= 0 {
			n++
		}
		if n != size && n != size+2 && n != size+4 || !hexadecimal(t.b[i:i+n], size) || i > 0 && bytes.IndexByte([]byte(":@/."), t.b[i-1]) >= 0 && !t.boundary(i) {
			i += n
			continue
		}
		for i > from && alnum(t.b[i-1]) {
			i, n = i-1, n+1
		}
		for i+n < to && (alnum(t.b[i+n]) || t.b[i+n] == '-') {
			n++
		}
		if n > 2*size {
			i += n
			continue
		}
		return span{from: t.start(i), to: i + n}
	}
	return span{}
}

// joinToken finds the token with which nodes of k3s join: K10, the checksum, ::server: and the
// rest.
func joinToken(t *text, at, end int) span {
	from := at
	for from > t.done && at-from < 2*maxBefore && alnum(t.b[from-1]) {
		from--
	}
	t.steps += at - from
	return t.trim(t.start(from), t.wordEnd(end))
}
