package redact_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/format"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"fluxtrail/fixtures"
)

// exact is what becomes of a sample of the fixtures. Where TestSecrets finds what is left of a
// secret, this finds what is gone beside it, and what it is taken for.
type exact struct{ name, want string }

// exacts are the rows of all files samples_*_test.go, by the file of the samples.
func exacts() map[string][]exact {
	return map[string][]exact{
		"alerts": exactAlerts, "applications": exactApplications, "attacks": exactAttacks, "commands": exactCommands, "databases": exactDatabases,
		"encoded": exactEncoded, "errors": exactErrors, "files": exactFiles, "flags": exactFlags, "flux": exactFlux, "headers": exactHeaders,
		"keys": exactKeys, "kinds": exactKinds, "lines": exactLines, "names": exactNames, "notations": exactNotations, "objects": exactObjects,
		"operators": exactOperators, "products": exactProducts, "protocols": exactProtocols, "providers": exactProviders,
		"reconciling": exactReconciling, "records": exactRecords, "sentences": exactSentences, "services": exactServices, "tokens": exactTokens,
		"tools": exactTools, "urls": exactURLs, "usual": exactUsual, "validation": exactValidation, "values": exactValues,
		"webhooks":    exactWebhooks,
		"stores":      exactStores,
		"attempts":    exactAttempts,
		"wrapped":     exactWrapped,
		"chosen":      exactChosen,
		"jobs":        exactJobs,
		"systems":     exactSystems,
		"printed":     exactPrinted,
		"reported":    exactReported,
		"everyday":    exactEveryday,
		"mixed":       exactMixed,
		"controllers": exactControllers,
	}
}

// TestExact compares what becomes of each sample, alone and as the error of each controller. With
// -update it writes the files with the rows; read the difference.
func TestExact(t *testing.T) {
	t.Parallel()
	r, want := newRedactor(t), map[string]string{}
	for file, rows := range exacts() {
		for _, row := range rows {
			want[file+"/"+row.name] = row.want
		}
	}
	if *update {
		writeExacts(t)
		return
	}
	for i, s := range fixtures.Secrets() {
		got := r.String(s.Text)
		if row, ok := want[s.Name]; !ok || row != got {
			t.Errorf("%s: got\n%s, want\n%s", s.Name, got, row)
		}
		delete(want, s.Name)
		checkLine(t, s, r.String(controllerLine(i, s.Text)), controllerLine(i, ""))
	}
	for name := range want {
		t.Errorf("%s is no sample", name)
	}
}

// controllers, and what each reconciles.
var controllers = [][2]string{
	{"gitrepository", "GitRepository"}, {"ocirepository", "OCIRepository"}, {"bucket", "Bucket"}, {"helmrepository", "HelmRepository"},
	{"helmchart", "HelmChart"}, {"kustomization", "Kustomization"}, {"helmrelease", "HelmRelease"}, {"imagerepository", "ImageRepository"},
	{"imageupdateautomation", "ImageUpdateAutomation"}, {"receiver", "Receiver"}, {"alert", "Alert"}, {"provider", "Provider"},
}

// controllerLine is what one of the controllers logs of an attempt that failed with an error.
func controllerLine(i int, text string) string {
	c := controllers[i%len(controllers)]
	return fmt.Sprintf(`{"level":"error","ts":"2026-09-26T22:47:33.489Z","msg":"Reconciler error","controller":%q,"controllerGroup":"toolkit.fluxcd.io",`+
		`"controllerKind":%q,%q:{"name":"app-1","namespace":"team"},"namespace":"team","name":"app-1",`+
		`"reconcileID":"bd2092da-3703-4375-ad35-c3dd19f1b9dc","revision":"main@sha1:dc74456474966c5bc8d450eb3d7f381965b416bc","error":%s}`,
		c[0], c[1], c[1], fromGoText(text))
}

// fromGoText is a text as zap writes it.
func fromGoText(text string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(text) // a string
	return strings.TrimSpace(b.String())
}

// checkLine wants all of a line but its error as it was.
func checkLine(t *testing.T, s fixtures.Secret, got, without string) {
	t.Helper()
	var line, rest map[string]any
	if err := json.Unmarshal([]byte(got), &line); err != nil {
		t.Errorf("%s: %v in %s", s.Name, err, got)
		return
	}
	if part := leak(fmt.Sprint(line["error"]), s.Parts); part != "" {
		t.Errorf("%s: %q is left in %s", s.Name, part, got)
	}
	line["error"] = ""
	if err := json.Unmarshal([]byte(without), &rest); err != nil || fmt.Sprint(line) != fmt.Sprint(rest) {
		t.Errorf("%s: more than the error was changed: %s", s.Name, got)
	}
}

// literal is a text as Go has it, in parts where it is long.
func literal(text string) string {
	var parts []string
	for len(text) > 0 || parts == nil {
		n := min(len(text), 140)
		for n < len(text) && !utf8.RuneStart(text[n]) {
			n++
		}
		part := strconv.Quote(text[:n])
		if strconv.CanBackquote(text[:n]) && !strings.ContainsFunc(text[:n], func(r rune) bool { return !strconv.IsPrint(r) }) {
			part = "`" + text[:n] + "`"
		}
		parts, text = append(parts, part), text[n:]
	}
	return strings.Join(parts, " +\n\t\t\t")
}

// writeExacts writes the files with the rows.
func writeExacts(t *testing.T) {
	t.Helper()
	r, files := newRedactor(t), map[string][]string{}
	for _, s := range fixtures.Secrets() {
		file, name := path.Split(s.Name)
		got := r.String(s.Text)
		text := literal(got)
		row := fmt.Sprintf("\t{%q, %s},\n", name, text)
		if len(row) > 110 {
			row = fmt.Sprintf("\t{\n\t\t%q,\n\t\t%s,\n\t},\n", name, text)
		}
		file = strings.TrimSuffix(file, "/")
		files[file] = append(files[file], row)
	}
	for file, rows := range files {
		variable := "exact" + strings.ToUpper(file[:1]) + file[1:]
		if file == "urls" {
			variable = "exactURLs"
		}
		text := "package redact_test\n\n// " + variable + " are the rows of the samples of fixtures/secrets/" + file + ".txtar.\nvar " + variable + " = []exact{\n" +
			strings.Join(slices.Compact(rows), "") + "}\n"
		clean, err := format.Source([]byte(text))
		if err == nil {
			err = os.WriteFile("samples_"+file+"_test.go", clean, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}
