package report

import (
	"bytes"
	"testing"
)

// TestFormsNamedOnce holds that no two forms answer to one name, and that each is found by its own.
func TestFormsNamedOnce(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for _, f := range forms() {
		for _, name := range append(f.Aliases, f.Name, f.File) {
			if was := seen[name]; was != "" {
				t.Errorf("%s is %s and %s", name, was, f.Name)
			}
			seen[name] = f.Name
		}
	}
	for name, want := range map[string]string{
		"text": "text", "JSON": "json", " md": "markdown", "prom": "openmetrics", "Prometheus": "openmetrics", "xml": "", "": "",
	} {
		if got, ok := FormNamed(name); got.Name != want || ok != (want != "") {
			t.Errorf("%q is %q, want %q", name, got.Name, want)
		}
	}
}

// TestFormsWrite holds that each form can be written of each report, and heeds the sections if it
// has any.
func TestFormsWrite(t *testing.T) {
	t.Parallel()
	for _, f := range forms() {
		if f.Directory {
			continue
		}
		var whole, part bytes.Buffer
		if err := f.Write(&whole, sample(), Look{Sections: SectionNames()}); err != nil || whole.Len() == 0 {
			t.Errorf("%s: %v", f.Name, err)
		}
		if err := f.Write(&part, sample(), Look{Sections: []string{"input"}}); err != nil || part.Len() == 0 {
			t.Errorf("%s: %v", f.Name, err)
		}
		if less, sections := part.Len() < whole.Len(), f.Name == "text" || f.Name == "markdown"; less != sections {
			t.Errorf("%s: %d bytes with all sections, %d with one", f.Name, whole.Len(), part.Len())
		}
	}
}

func TestFormsWithDurations(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		form string
		look Look
		want bool
	}{
		{"text", Look{}, false},
		{"text", Look{Sections: []string{"now", "durations"}}, true},
		{"text", Look{Sections: SectionNames()}, true},
		{"markdown", Look{}, true},
		{"markdown", Look{Sections: []string{"incidents"}}, false},
		{"json", Look{Sections: []string{"now"}}, true},
		{"html", Look{}, true},
		{"openmetrics", Look{}, true},
		{"alertmanager", Look{}, false},
	} {
		form, _ := FormNamed(test.form)
		if got := form.Durations(test.look); got != test.want {
			t.Errorf("%s with %v: %v", test.form, test.look.Sections, got)
		}
	}
}
