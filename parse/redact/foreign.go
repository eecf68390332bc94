package redact

import (
	"bytes"
	"slices"
	"strings"
)

// foreign reports whether word is made of letters alone and is none that a sentence about a
// password goes on with: swordfish, correct-horse-battery.
func (t *text) foreign(word []byte) bool {
	word = bytes.TrimRight(word, ".!")
	w := look(word)
	return w.size >= 5 && w.size < maxLook && w.letters() == w.size && w.lowers > 1 && !t.common(word)
}

// diceware reports whether value consists of four plain words or more with hyphens between them.
func diceware(value []byte) bool {
	return hyphened(value, func([]byte) bool { return true }) > 3
}

// wordsOf returns of how many words value consists, with hyphens between them, if none of them is
// one that sentences about passwords have.
func (t *text) wordsOf(value []byte) int {
	return hyphened(value, func(word []byte) bool { return !t.common(word) || string(word) == "correct" })
}

// hyphened is wordsOf for words that may be any that ok reports.
func hyphened(value []byte, ok func(word []byte) bool) int {
	words := bytes.Split(value[:min(len(value), maxLook)], []byte("-"))
	for _, word := range words {
		if w := look(word); w.size < 3 || w.lowers != w.size || !ok(word) {
			return 0
		}
	}
	return len(words)
}

// chosenWord reports whether s is a word that is odd, or of three words that somebody chose.
func (t *text) chosenWord(s span) bool {
	return odd(t.b[s.from:s.to]) || t.wordsOf(t.b[s.from:s.to]) > 2
}

// common reports whether word is one of the words that sentences about passwords have, or ends as
// such words do.
func (t *text) common(word []byte) bool {
	buf := t.vocab.buf[:0]
	for _, c := range word[:min(len(word), maxLook)] {
		buf = append(buf, c|fold)
	}
	t.vocab.buf = buf
	if _, named := t.vocab.terms[string(buf)]; named || t.vocab.common[string(buf)] {
		return true
	}
	return !bytes.HasSuffix(buf, []byte("spring")) &&
		slices.ContainsFunc(commonEnds, func(end string) bool { return bytes.HasSuffix(buf, []byte(end)) })
}

// commonEnds end words that say what becomes of something, or what it is like.
var commonEnds = []string{"ed", "ing", "able", "ible", "ary", "ent", "ant", "ory", "ive", "ion", "ions", "ment", "ance", "ence", "ity",
	"ful", "less", "ly", "ness", "ized", "ises"}

// commonWords returns the words that sentences about passwords have.
func commonWords() map[string]bool {
	m := map[string]bool{}
	for _, list := range [][]string{predicates, nouns, judgements, plainWords, flagWords, fieldNames, userWords, typeNames, strings.Fields(moreWords)} {
		for _, w := range list {
			m[w] = true
		}
	}
	return m
}

// moreWords are those of them that no other list has.
const moreWords = `
about above access account accounts across admin after again against algorithm algorithms almost alone along although
among another anyone anything applications arguments around attempts auths backend base64 based basic bcrypt because
before behind below besides between beyond block blocks both bound bytes cache called calls cannot cause causes chain
chains change changes chars chart check checks class clear client clients close cluster code codes column columns
command complexity config configmap contains content contents could couldn count crypt current customer data dates
days decode decrypt derives didn digest digits does doesn domain down during each earlier either else email encode
encrypt ends enter entered entries entropy error errors every example except expects expires extra fails failure
failures false fields files first flags flow folder format formats found free from full further gets given goes
grafana grant grants group groups guess half handle handler hash hashes haven helper here hint history host hostname
hours however http https index info inline inner inputs inside instead into invalidates issue issues itself kerberos
keychain keyring keys kubernetes label labels last later latest layer ldap least length letter letters level levels
like limit limits line lines link links list local lock logic login logins long lookup loops lower lowercase made mail
makes many maps master match matches maximum maxlength means mechanism mechanisms member method methods might minimum
minlength minutes mismatch mode modes module more most much must mysql name names near need never next nonce none
normal noted nothing null number numbers oauth object often once only onto open operator options order other others
otherwise outside overall owner pages pair pairs panel parameter parameters parse parser part parts passes paste path
paths pattern patterns people perhaps permissions phrase place places plain plaintext please plugin point policies
pool postgres prefix previous principal print process profile prompts proof properties protocol proxy publickey query
quite quota quote quotes raises range rather reads realm reason records redis refuses registry release releases remain
remains repeat repeats replica requests requires reset resets resource rest retries return returns right role roles
root rotates rounds rules runs salt same saml samples schema scheme schemes scope scopes scram second seconds secrets
security seems sent series servers service services session sessions sets several shall should shows side signs since
size sizes some something source sources space spaces spec special start starts state states steps still store stores
strength string strings style such suffix support supports symbol symbols sync syntax system table tables take takes
task tasks team tells template templates tenant terms test tests text than that their them themselves there therefore
these they things third this those though three through thus time times title today tokens too tool tools toward tries
trust twice type types under unless until update updates upper uppercase usage user username usernames users uses
using value values variable variables vault vaults verify version versions very view volume wait waits warning
warnings wasn well were weren what whatever when where whether which while white whitespace whole whom whose width
will window within word words works would write writes wrongly years yesterday your yours zero valuefrom secretkeyref
configmapkeyref secretref you appears belongs comes exists lacks points refer refers
`
