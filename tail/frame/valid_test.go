package frame

import (
	"strings"
	"testing"
)

func TestValid(t *testing.T) {
	t.Parallel()
	const many = 8 << 20
	long := `"` + strings.Repeat("[", 2*shallow) + `"`
	for name, c := range map[string]struct {
		text string
		want bool
	}{
		"object":              {`{"a":[1,{"b":null}]}`, true},
		"cut":                 {`{"a":[1`, false},
		"brackets":            {strings.Repeat("[", many), false},
		"objects":             {strings.Repeat(`{"a":`, many/5), false},
		"closed":              {strings.Repeat("[", many) + strings.Repeat("]", many), false},
		"in a record":         {`{"log":` + strings.Repeat("[", many), false},
		"in a string":         {long, true},
		"after a quote":       {`["\"` + long[1:] + `]`, true},
		"one behind another":  {"[" + strings.Repeat("[],", shallow) + "[]]", true},
		"deepest":             {strings.Repeat("[", maxDepth) + long + strings.Repeat("]", maxDepth), true},
		"deeper":              {strings.Repeat("[", maxDepth+1) + long + strings.Repeat("]", maxDepth+1), false},
		"deeper but short":    {strings.Repeat("[", maxDepth+1) + strings.Repeat("]", maxDepth+1), true},
		"a backslash at last": {long + `\`, false},
	} {
		if got := Valid([]byte(c.text)); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// TestDeepLines has each framing meet lines that are nested too deep, behind such as it knows.
func TestDeepLines(t *testing.T) {
	t.Parallel()
	for name, first := range map[string]string{
		"docker":  `{"log":"x\n","stream":"stderr","time":"2026-01-01T00:00:00Z"}`,
		"wrapper": `{"log":"x","kubernetes":{"pod_name":"a"},"@timestamp":"2026-01-01T00:00:00Z"}`,
		"klog":    `I0101 00:00:00.000000       1 a.go:1] x`,
		"cri":     `2026-01-01T00:00:00Z stderr F {"level":"info","ts":"2026-01-01T00:00:00Z","msg":"x"}`,
	} {
		for _, deep := range []string{`{"log":`, `{"message":`, `[`, `2026-01-01T00:00:00Z stderr F {"log":`, `{"log":"x","kubernetes":`} {
			kind := Sniff([]byte(first + "\n"))
			var d Decoder
			d.Decode(kind, []byte(first))
			d.Decode(kind, []byte(deep+strings.Repeat("[", 8<<20)))
			if t.Failed() {
				t.Log(name)
			}
		}
	}
}
