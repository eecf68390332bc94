// Command gitleaks writes parse/redact/gitleaks.txt: those of the rules of gitleaks that
// are a prefix and some characters after it, in the form of parse/redact/tokens.txt. With
// the rules it copies their licence. Run it in this directory: go run . ../../parse/redact
package main

import (
	"fmt"
	"go/build"
	"log"
	"os"
	"path/filepath"
	"regexp/syntax"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/zricethezav/gitleaks/v8/config"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: gitleaks DIRECTORY")
	}
	if err := run(os.Args[1]); err != nil {
		log.Fatal(err)
	}
}

func run(dir string) error {
	var set struct{ Rules []struct{ ID, Regex string } }
	if err := toml.Unmarshal([]byte(config.DefaultConfig), &set); err != nil {
		return err
	}
	var rows []string
	for _, rule := range set.Rules {
		re, err := syntax.Parse(rule.Regex, syntax.Perl)
		if err != nil {
			return fmt.Errorf("%s: %w", rule.ID, err)
		}
		for _, p := range prefixes(flatten(re)) {
			if !ordinary(p) {
				rows = append(rows, fmt.Sprintf("%s %s %s %d", rule.ID, p.text, p.alphabet, p.least))
			}
		}
	}
	slices.Sort(rows)
	head := "# kind prefix alphabet least: made by tools/gitleaks of the rules of gitleaks, see gitleaks.LICENSE.\n"
	text := head + strings.Join(slices.Compact(rows), "\n") + "\n"
	if err := os.WriteFile(filepath.Join(dir, "gitleaks.txt"), []byte(text), 0o644); err != nil {
		return err
	}
	return copyLicence(filepath.Join(dir, "gitleaks.LICENSE"))
}

// ordinary reports whether names or digests that are no secrets start in this way too.
func ordinary(p prefix) bool {
	hex := strings.Trim(p.text, "0123456789abcdef") == ""
	return hex || len(p.text) == minPrefix && p.alphabet != "hex" && strings.Trim(p.text, "abcdefghijklmnopqrstuvwxyz._-") == ""
}

func copyLicence(path string) error {
	pkg, err := build.Import("github.com/zricethezav/gitleaks/v8/config", ".", build.FindOnly)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(filepath.Join(pkg.Dir, "..", "LICENSE"))
	if err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o644)
}

// flatten returns the parts of a pattern in a row, without groups and anchors.
func flatten(re *syntax.Regexp) []*syntax.Regexp {
	switch re.Op {
	case syntax.OpCapture, syntax.OpConcat:
		var parts []*syntax.Regexp
		for _, sub := range re.Sub {
			parts = append(parts, flatten(sub)...)
		}
		return parts
	case syntax.OpWordBoundary, syntax.OpBeginText, syntax.OpBeginLine, syntax.OpEmptyMatch:
		return nil
	}
	return []*syntax.Regexp{re}
}

// prefix is a token's beginning and what may follow it.
type prefix struct {
	text, alphabet string
	least          int
}

const (
	maxTexts  = 16 // of one pattern
	minPrefix = 4
	maxLeast  = 16 // tokens that were cut are tokens too
)

// prefixes returns the beginnings of a pattern whose parts are literals and then
// repeated classes of characters, none if it is another pattern.
func prefixes(parts []*syntax.Regexp) (found []prefix) {
	texts := []string{""}
	for len(parts) > 0 {
		more := literals(parts[0])
		if more == nil || len(texts)*len(more) > maxTexts {
			break
		}
		var longer []string
		for _, t := range texts {
			for _, m := range more {
				longer = append(longer, t+m)
			}
		}
		texts, parts = longer, parts[1:]
	}
	alphabet, least := body(parts)
	for _, t := range texts {
		if alphabet != "" && len(t) >= minPrefix && least >= 8 {
			found = append(found, prefix{t, alphabet, min(least, maxLeast)})
		}
	}
	return found
}

// literals returns the texts that a part stands for, nil if they are not few.
func literals(re *syntax.Regexp) []string {
	switch re.Op {
	case syntax.OpLiteral:
		if re.Flags&syntax.FoldCase != 0 {
			return []string{strings.ToLower(string(re.Rune))}
		}
		return []string{string(re.Rune)}
	case syntax.OpCharClass:
		return few(re.Rune)
	case syntax.OpAlternate:
		var all []string
		for _, sub := range re.Sub {
			texts := []string{""}
			for _, part := range flatten(sub) {
				more := literals(part)
				if len(more) != 1 {
					return nil
				}
				texts[0] += more[0]
			}
			all = append(all, texts...)
		}
		return all
	}
	return nil
}

// few returns the characters of a class of at most four, as texts.
func few(ranges []rune) (texts []string) {
	for i := 0; i+1 < len(ranges); i += 2 {
		for c := ranges[i]; c <= ranges[i+1]; c++ {
			if texts = append(texts, string(c)); len(texts) > 4 {
				return nil
			}
		}
	}
	return texts
}

// alphabets of parse/redact/tokens.go, the narrowest first.
var alphabets = []struct{ name, chars string }{
	{"hex", "0123456789abcdef"},
	{"capital", "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"},
	{"word", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_"},
	{"dash", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"},
	{"dot", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-"},
	{"base64", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=_-"},
}

// body returns the alphabet and the least length of the classes that follow a prefix.
func body(parts []*syntax.Regexp) (alphabet string, least int) {
	var chars string
	for _, part := range parts {
		class, n := part, 1
		switch part.Op {
		case syntax.OpRepeat:
			class, n = part.Sub[0], part.Min
		case syntax.OpPlus:
			class = part.Sub[0]
		}
		if class.Op == syntax.OpLiteral && chars != "" {
			chars += string(class.Rune)
			least += n * len(class.Rune)
			continue
		}
		if class.Op != syntax.OpCharClass || part.Op == syntax.OpCharClass {
			break
		}
		for i := 0; i+1 < len(class.Rune); i += 2 {
			for c := class.Rune[i]; c <= class.Rune[i+1] && c < 0x80; c++ {
				chars += string(c)
			}
		}
		least += n
	}
	for _, a := range alphabets {
		if chars != "" && strings.Trim(chars, a.chars) == "" {
			return a.name, least
		}
	}
	return "", 0
}
