package redact

import (
	"bytes"
	"maps"
	"slices"
)

// places are commands that get a secret without a flag, and which of their arguments it is, from 0;
// -1 is the last one.
var places = map[string][]int{
	"mc alias set ":     {2, 3},
	"mcli alias set ":   {2, 3},
	"config host add ":  {2, 3},
	"net user ":         {1},
	"add_user ":         {1},
	"change_password ":  {1},
	"auth-user-pass ":   {1},
	"auth-pass ":        {1},
	"htpasswd -":        {-1},
	"openssl passwd ":   {-1},
	"vault login ":      {-1},
	"operator unseal ":  {-1},
	"rclone obscure ":   {0},
	"admin user add ":   {2},
	"createcredential ": {2},
	"smbpasswd ":        {-1},
}

// placeAnchors returns the commands of places.
func placeAnchors() []string { return slices.Sorted(maps.Keys(places)) }

// placed finds what a command gets without a flag, where it looks like a secret.
func placed(t *text, at, end int) span {
	var found []span
	for command, which := range places {
		if !t.hasFold(at, command) {
			continue
		}
		args := t.arguments(end)
		for _, n := range which {
			last := n < 0
			if last {
				n = len(args) - 1
			}
			if n < 0 || n >= len(args) {
				continue
			}
			if word := t.shown(args[n]); n < 3 && !args[n].quoted && !chosenMix(word) && (last || look(word).digits == 0) {
				continue
			}
			args[n].kind = "secret"
			found = append(found, args[n])
		}
	}
	return t.several(found)
}

// chosenMix reports whether word is odd, or of words with capitals and marks.
func chosenMix(word []byte) bool {
	w := parse(word)
	return odd(word) || w.uppers > 0 && w.lowers > 0 && w.symbols > 0
}

// several returns the first of found, and adds the others to more.
func (t *text) several(found []span) span {
	if len(found) == 0 {
		return span{}
	}
	t.more = append(t.more, found[1:]...)
	return found[0]
}

// arguments returns the words and quoted texts from i on that are no flags, up to the end of the
// line or of what a shell runs.
func (t *text) arguments(i int) (args []span) {
	const most = 6
	from := i
	for range 2 * most {
		i = t.skipSpace(i)
		if i >= len(t.b) || i-from > maxQuoted || len(args) == most || t.newline(i) > 0 || bytes.IndexByte([]byte("|;&)]},"), t.b[i]) >= 0 {
			break
		}
		s := t.firstArgument(i)
		if s.from >= s.to {
			break
		}
		if t.b[s.from] != '-' || s.quoted {
			args = append(args, s)
		}
		if i = s.to; s.quoted {
			i += max(t.quoteAt(i), t.singleQuote(i))
		}
		if i < len(t.b) && t.b[i] != ' ' {
			break
		}
	}
	return args
}
