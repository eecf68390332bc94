package agent

import (
	"bytes"
	"errors"
	"log/slog"
	"regexp"
	"testing"
)

// TestLogSpeaksAsFluxDoes wants the keys that Flux's logs and our events have, and no secret.
func TestLogSpeaksAsFluxDoes(t *testing.T) {
	t.Parallel()
	for want, text := range map[string]bool{
		`^{"ts":"[^"]+","level":"warn","msg":"cannot read","error":"a https://<redacted:url-userinfo>@example.com b","sub":{"err":"as it is"}}\n$`: false,
		`^ts=\S+ level=warn msg="cannot read" error="a https://<redacted:url-userinfo>@example.com b" sub.err="as it is"\n$`:                       true,
	} {
		var b bytes.Buffer
		log, err := NewLog(&b, slog.LevelInfo, text, nil)
		if err != nil {
			t.Fatal(err)
		}
		log.Debug("not this")
		log.Warn("cannot read", "err", errors.New("a https://user:hunter22@example.com b"), slog.Group("sub", "err", "as it is"))
		if !regexp.MustCompile(want).MatchString(b.String()) {
			t.Errorf("%s does not fit %s", b.String(), want)
		}
	}
}
