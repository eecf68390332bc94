package redact

import (
	"bytes"
	"slices"
	"strconv"
	"unicode/utf8"
)

// meaning is what a name tells of the value that it has.
type meaning int

const (
	harmless  meaning = iota
	uncertain         // the value may be a secret: key, auth, session
	object            // a secret, or the name of an object that holds one: secret, credentials
	token             // a secret that a machine made
	password          // a secret that a person may have made
)

// term is a word of names that tells of secrets.
type term struct {
	means  meaning
	kind   string
	refers bool // the value may be the name of an object that holds the secret
}

// vocabulary is what names are compared with. It has a buffer, and belongs to one
// goroutine as the Redactor does.
type vocabulary struct {
	terms  map[string]term
	before map[string]bool // keyWords
	buf    []byte
	word   [16]byte // answer of wordBefore
}

func newVocabulary() vocabulary {
	v := vocabulary{terms: nameTerms(), before: map[string]bool{}}
	for _, w := range keyWords {
		v.before[w] = true
	}
	return v
}

// nameTerms are the words of names that tell of secrets, in lower case, joined by "_".
func nameTerms() map[string]term {
	m := map[string]term{}
	add := func(means meaning, kind string, words ...string) {
		for _, w := range words {
			m[w] = term{means: means, kind: kind}
		}
	}
	add(password, "password",
		"password", "passwords", "passwd", "passphrase", "passphrases", "passcode", "passkey", "pwd", "pass", "pw", "psk", "pswd", "passwrd", "dbpass",
		"userpass", "rootpass", "storepass", "keypass", "adminpass", "sshpass", "sqlpass", "bindpw", "rootpw", "userpw", "dbpw",
		"passwort", "passwörter", "kennwort", "kennwörter", "contraseña", "contrasena", "contraseñas", "clave", "senha", "wachtwoord",
		"parola", "hasło", "haslo", "heslo", "lösenord", "passord", "adgangskode", "salasana", "şifre", "пароль", "密码", "密碼",
		"口令", "パスワード", "비밀번호", "mot_de_passe", "mdp", "palavra_passe", "losung", "zugangscode")
	add(password, "pin", "pin", "otp", "totp", "mfa", "pin_code", "tan")
	add(token, "token", "token", "tokens", "jwt", "bearer", "jeton", "authtoken", "access_grant", "pat")
	add(token, "secret", "client_secret", "app_secret", "shared_secret", "consumer_secret", "webhook_secret", "signing_secret",
		"api_secret", "token_secret", "hmac_secret", "jwt_secret", "cookie_secret", "session_secret", "secret_access", "oauth_secret",
		"geheimnis", "master_secret", "secret_value", "secret_key_base", "secret_id", "bind_credentials", "secret_text", "secret_string",
		"private_key_id", "access_key_id")
	add(object, "secret", "secret", "secrets", "credential", "credentials", "creds", "cred", "secreto", "zugangsdaten")
	add(uncertain, "session", "session", "sessionid", "session_id", "sid", "sess", "jsessionid", "phpsessid", "csrf", "xsrf",
		"connect_sid")
	add(uncertain, "signature", "signature", "sig", "hmac", "sas", "x_amz_credential", "sharedaccesssignature")
	add(uncertain, "secret", "salt", "seed", "mnemonic", "pepper", "code_verifier", "seed_phrase")
	add(uncertain, "authorization", "auth", "basic_auth", "auth_ident")
	add(uncertain, "secret", "dsn", "connection_string", "connectionstring", "conn_str", "connstr", "code")
	add(uncertain, "api-key", "key", "keys", "schlüssel", "llave", "clé", "chave", "chiave", "sleutel")
	return m
}

// keyWords stand before key and make it one that is a secret.
var keyWords = []string{
	"api", "secret", "access", "private", "priv", "encryption", "encrypt", "decryption", "signing", "sign", "hmac", "aes", "master",
	"shared", "account", "storage", "license", "licence", "deploy", "session", "auth", "authentication", "integration", "routing",
	"service", "unseal", "root", "recovery", "app", "application", "consumer", "client", "webhook", "subscription", "sas", "jwt",
	"admin", "write", "read", "ingest", "insert", "ssh", "gpg", "pgp", "age", "bot", "wireguard",
	"preshared", "pre_shared", "symmetric", "cookie", "crypt", "crypto", "aws", "azure", "gcp", "google", "stripe", "datadog", "dd",
	"sendgrid", "mailgun", "openai", "anthropic", "new_relic", "newrelic", "pagerduty", "opsgenie", "genie", "algolia", "twilio",
	"transit", "seal", "vault", "join", "tunnel", "rsa", "ecdsa", "ed25519", "x25519", "des", "fernet", "function", "site",
}

// joined are terms that end words without a mark before them: dbpassword, authtoken.
var joined = []struct {
	end string
	term
}{
	{"password", term{means: password, kind: "password"}}, {"passwd", term{means: password, kind: "password"}}, {"passphrase", term{means: password, kind: "password"}},
	{"passwort", term{means: password, kind: "password"}}, {"pwd", term{means: password, kind: "password"}}, {"token", term{means: token, kind: "token"}},
	{"apikey", term{means: token, kind: "api-key"}}, {"secretkey", term{means: token, kind: "secret"}}, {"accesskey", term{means: token, kind: "secret"}},
	{"accountkey", term{means: token, kind: "secret"}}, {"privatekey", term{means: token, kind: "secret"}}, {"signingkey", term{means: token, kind: "secret"}},
	{"encryptionkey", term{means: token, kind: "secret"}}, {"sharedaccesskey", term{means: token, kind: "secret"}}, {"sharedkey", term{means: token, kind: "secret"}},
	{"masterkey", term{means: token, kind: "secret"}}, {"authkey", term{means: token, kind: "secret"}}, {"clientsecret", term{means: token, kind: "secret"}},
	{"secret", term{means: object, kind: "secret"}}, {"credentials", term{means: object, kind: "secret"}},
}

// besides are words that may follow a term in a name without changing what it tells.
var besides = []string{
	"value", "values", "text", "plain", "plaintext", "raw", "hash", "hashed", "base64", "b64", "string", "str", "data", "new", "old",
	"current", "previous", "prev", "enc", "encrypted", "encoded", "v", "prod", "dev", "test", "staging", "live", "default", "primary",
	"secondary", "code", "confirmation", "confirm", "again", "repeat", "base", "material", "bytes", "salt", "header", "content",
}

// name is a name in the text: of a variable, a field, a header, a flag.
type name struct {
	from, to int
	quote    int // length of the quote after it, see quoteAt; 0: none
	term
}

const (
	maxBefore = 64 // bytes of a name before the anchor
	maxAfter  = 40 // and after it
)

// nameByte reports whether c may be part of a name. Letters beyond ASCII are.
func nameByte(c byte) bool { return alnum(c) || c == '_' || c == '-' || c >= 0x80 }

// nameAround finds the name around an anchor.
func (t *text) nameAround(at, end int) (from, to int) {
	from, to = at, end
	for from > 0 && at-from < maxBefore && (nameByte(t.b[from-1]) || t.b[from-1] == '.') {
		from--
	}
	for to < len(t.b) && to-end < maxAfter {
		switch c := t.b[to]; {
		case c == wide[0] && t.wideMark(to) > 0:
		case nameByte(c), c == '.' && to+1 < len(t.b) && alnum(t.b[to+1]):
			to++
			continue
		case c == '\\':
			if c, n := t.char(to); c >= 0x80 {
				to += n
				continue
			}
		}
		break
	}
	t.steps += to - from
	return min(t.afterEncoded(t.start(from)), at), to
}

// nextName returns the name around an anchor, and whether it tells of a secret. Each
// name is looked at once, at the first of its anchors.
func (t *text) nextName(at, end int) (n name, ok bool) {
	if at < t.named {
		return n, false
	}
	n.from, n.to = t.nameAround(at, end)
	t.named = n.to
	n.term = t.meaning(n.from, n.to)
	if n.means == harmless && n.from > 2 && bytes.IndexByte([]byte(`"' `), t.b[n.from-1]) >= 0 {
		k := n.from - 2
		for k > 0 && n.from-k < 10 && t.b[k] == '\\' {
			k--
		}
		t.masked = t.masked || k < n.from-2 && alnum(t.b[k]) // a quote parts the name
		if bytes.EqualFold(t.b[n.from:n.to], []byte("word")) && t.hasFold(n.from-len("pass "), "pass ") {
			n.from, n.term = n.from-len("pass "), term{means: password, kind: "password"}
		}
	}
	return n, n.means != harmless
}

// meaning tells what the name from from to to means, by its last words.
func (t *text) meaning(from, to int) term {
	words := t.vocab.split(t.b[from:to])
	if found := t.vocab.find(words); found.means >= token {
		return found
	}
	for w := lastWord(words); len(w) < len(words) && (numeral(w) || slices.Contains(besides, string(w))); w = lastWord(words) {
		words = words[:len(words)-len(w)-1]
	}
	for len(words) > 0 && class[words[len(words)-1]] == digit {
		words = words[:len(words)-1]
	}
	if found := t.vocab.find(words); found.kind == "api-key" {
		return t.key(words, from)
	} else if found.means == object && slices.Contains(secretWords, string(t.wordBefore(from))) {
		return term{means: token, kind: "secret"}
	} else if found.means != harmless {
		found.refers = len(lastWord(words)) < len(words)
		return found
	}
	last := lastWord(words)
	for _, j := range joined {
		if bytes.HasSuffix(last, []byte(j.end)) {
			return j.term
		}
	}
	return term{}
}

// secretWords stand before secret and tell that it is no object of Kubernetes.
var secretWords = []string{"client", "shared", "app", "consumer", "webhook", "signing", "hmac", "jwt", "oauth", "api"}

// publicWords stand before key and make it one that may be known.
var publicWords = []string{"public", "host", "object", "cache", "map", "label", "sort", "partition", "foreign", "metric", "pub", "secret_ref"}

// key tells what kind of key a name is that ends in the word: an API key is a secret, a
// public key is none, of others the value has to tell.
func (t *text) key(words []byte, from int) term {
	before := bytes.TrimSuffix(words[:len(words)-len(lastWord(words))], []byte("_"))
	which := lastWord(before)
	if len(which) == 0 {
		which = t.wordBefore(from)
	}
	switch {
	case string(which) == "api":
		return term{means: token, kind: "api-key"}
	case t.vocab.before[string(which)]:
		return term{means: token, kind: "secret"}
	case slices.Contains(publicWords, string(which)):
		return term{}
	}
	return term{means: uncertain, kind: "secret"}
}

// wordBefore returns the word before the space before i, in lower case. It is valid until the
// next call.
func (t *text) wordBefore(i int) []byte {
	if i == 0 || t.b[i-1] != ' ' {
		return nil
	}
	n := 0
	for i -= 2; i >= n && n < len(t.vocab.word) && alnum(t.b[i-n]); n++ {
	}
	word := t.vocab.word[:n]
	for k, c := range t.b[i-n+1 : i+1] {
		word[k] = c | fold
	}
	return word
}

// find returns the longest term that the words end in.
func (v *vocabulary) find(words []byte) (found term) {
	for from, n := len(words), 0; from > 0 && n < 3; n++ {
		from = bytes.LastIndexByte(words[:from-1], '_') + 1
		if t, ok := v.terms[string(words[from:])]; ok {
			found = t
		}
	}
	return found
}

// lastWord returns the last of words.
func lastWord(words []byte) []byte { return words[bytes.LastIndexByte(words, '_')+1:] }

// split returns the words of a name in lower case, joined by "_": db-Password,
// DB_PASSWORD and dbPassword are the same. The result is valid until the next call.
func (v *vocabulary) split(name []byte) []byte {
	b := v.buf[:0]
	for i := 0; i < len(name); i++ {
		c := name[i]
		switch {
		case c == '\\' && i+1 < len(name) && name[i+1] == '\\': // the next one counts
		case c == '\\' || c >= 0x80:
			n := 0
			b, n = appendLetter(b, name[i:])
			i += n - 1
		case c == '_' || c == '-' || c == '.' || c == ' ':
			b = append(b, '_')
		case class[c] == upper:
			if i > 0 && startsWord(name, i) {
				b = append(b, '_')
			}
			b = append(b, c|fold)
		default:
			b = append(b, c)
		}
	}
	v.buf = b
	for len(b) > 0 && b[0] == '_' {
		b = b[1:]
	}
	for len(b) > 0 && b[len(b)-1] == '_' {
		b = b[:len(b)-1]
	}
	return b
}

// appendLetter appends the character that name starts with, which is beyond ASCII or escaped, and
// returns its length: a
// wide letter as the plain one, nothing for one that is invisible.
func appendLetter(b, name []byte) ([]byte, int) {
	r, n := utf8.DecodeRune(name)
	if name[0] == '\\' {
		if len(name) < 6 || name[1] != 'u' {
			return append(b, '\\'), 1
		}
		code, _ := strconv.ParseUint(string(name[2:6]), 16, 16)
		return utf8.AppendRune(b, rune(code)), 6
	}
	switch {
	case r >= '！' && r <= '～':
		return append(b, byte(r-'！'+'!')|fold), n
	case invisible(r):
		return b, n
	}
	return append(b, name[:n]...), n
}

// startsWord reports whether the capital at i, not the first byte of name, starts a word.
func startsWord(name []byte, i int) bool {
	switch class[name[i-1]] {
	case lower, digit:
		return true
	case upper:
		return i+1 < len(name) && class[name[i+1]] == lower
	}
	return false
}
