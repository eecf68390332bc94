package report

import (
	"fmt"
	"strings"

	"fluxtrail/api"
)

// visible is log text that is safe to show, without what surrounds it.
func visible(s string) string { return api.Shown(strings.TrimSpace(s)) }

// oneLine is visible text with its line breaks shown as a sign.
func oneLine(s string) string { return api.OneLine(strings.TrimSpace(s)) }

// shorten cuts text to n characters and tells how much is missing.
func shorten(s string, n int) string {
	if len(s) <= n {
		return s
	}
	runes := []rune(s)
	if len(runes) <= n {
		return s
	}
	return fmt.Sprintf("%s… (%s more characters)", string(runes[:n]), count(len(runes)-n))
}
