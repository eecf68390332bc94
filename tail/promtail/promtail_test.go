package promtail

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPositions(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		want map[string]int64
		left []string
	}{
		"promtail": {
			"positions:\n  /var/log/pods/a_b_c/m/0.log: \"1234\"\n  /var/log//x.log: 7\n  cursor-journal: s=1\n  journal-x: \"\"\n",
			map[string]int64{"/var/log/pods/a_b_c/m/0.log": 1234, "/var/log/x.log": 7},
			[]string{`line 4: "cursor-journal" is no path of a file`, `line 5: "journal-x" is no path of a file`},
		},
		"alloy": {
			"positions:\n  ? path: /a/0.log\n    labels: '{app=\"x\"}'\n  : \"90\"\n  ? labels: '{app=\"y\"}'\n    path: /a/0.log\n  : \"70\"\n  ? labels: z\n  : \"1\"\n",
			map[string]int64{"/a/0.log": 70}, []string{"line 8: a key without a path"},
		},
		"bad numbers": {
			"positions:\n  /a: many\n  /b: \"-3\"\n  /c: \"99999999999999999999\"\n  /d: {}\n  /e: \"0\"\n", map[string]int64{"/e": 0},
			[]string{`line 2: /a: "many" is no number of bytes`, `line 3: /b: "-3" is no number of bytes`,
				`line 4: /c: "99999999999999999999" is no number of bytes`, `line 5: /d: "" is no number of bytes`},
		},
		"keys that are not compared with each other": {"a: 1\na: 2\npositions:\n  /a: 1\n", map[string]int64{"/a": 1}, nil},
		"empty": {"positions: {}\n", map[string]int64{}, nil},
	} {
		got, left, err := Positions([]byte(c.text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(c.want, got) + cmp.Diff(c.left, left); diff != "" {
			t.Errorf("%s: -want +got\n%s", name, diff)
		}
	}
	for _, text := range []string{"", "a: b", "positions: 3", "\x00", "positions:\n- a", "{", "positions: *x", "positions: {" + strings.Repeat("a,", maxValues)} {
		if _, _, err := Positions([]byte(text)); err == nil || !strings.Contains(err.Error(), "no positions file") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func FuzzPositions(f *testing.F) {
	f.Add("positions:\n  /a: \"1\"\n  ? {path: /b}\n  : \"2\"\n")
	f.Fuzz(func(t *testing.T, text string) {
		offsets, _, err := Positions([]byte(text))
		for name, offset := range offsets {
			if err != nil || offset < 0 || !strings.HasPrefix(name, "/") {
				t.Errorf("%s at %d, %v", name, offset, err)
			}
		}
	})
}
