package kube

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// serverOf returns a client of a server that a test makes.
func serverOf(t *testing.T, h http.HandlerFunc) *Client {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return clientAt(t, s.URL)
}

// clientAt is a client of the server at an address.
func clientAt(t *testing.T, url string) *Client {
	t.Helper()
	cfg := Config{Enabled: always, Node: "n1", Kubeconfig: kubeconfig(t,
		"users: [{name: u, user: {}}]\nclusters: [{name: c, cluster: {server: '"+url+"'}}]")}
	c, err := Connect(cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func reply(w http.ResponseWriter, code int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(v)
}

func refuse(w http.ResponseWriter) {
	reply(w, http.StatusForbidden, map[string]any{
		"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "Forbidden", "code": 403, "message": "is forbidden",
	})
}

type jsonObject = map[string]any

func livePodOf(namespace, name, app string, status jsonObject, containers ...string) jsonObject {
	var all []jsonObject
	for _, c := range containers {
		all = append(all, jsonObject{"name": c, "image": c + ":v1"})
	}
	status["name"] = containers[0]
	return jsonObject{
		"metadata": jsonObject{"namespace": namespace, "name": name, "uid": "u-" + name, "labels": jsonObject{"app": app}},
		"spec":     jsonObject{"nodeName": "n1", "containers": all},
		"status":   jsonObject{"containerStatuses": []jsonObject{status}},
	}
}

func TestLogs(t *testing.T) {
	t.Parallel()
	terminated := jsonObject{"terminated": jsonObject{"exitCode": 1}}
	pods := map[string][]jsonObject{
		"flux-system": {
			livePodOf("flux-system", "source-controller-0", "source-controller",
				jsonObject{"restartCount": 3, "state": jsonObject{"running": jsonObject{}}, "lastState": terminated}, "manager", "proxy"),
			livePodOf("flux-system", "source-controller-shard1-0", "source-controller-shard1", jsonObject{}, "manager"),
			livePodOf("flux-system", "podinfo-0", "podinfo", jsonObject{}, "manager"),
		},
		"team": {livePodOf("team", "helm-controller-0", "helm-controller",
			jsonObject{"restartCount": 1, "state": jsonObject{"waiting": jsonObject{}}, "lastState": terminated}, "controller", "other")},
	}
	list := func(w http.ResponseWriter, items []jsonObject, more string) {
		reply(w, http.StatusOK, jsonObject{"metadata": jsonObject{"continue": more}, "items": items})
	}
	everywhere := func(w http.ResponseWriter, r *http.Request) {
		parts := strings.Split(r.URL.Path, "/")
		switch {
		case len(parts) > 5:
			list(w, pods[parts[4]], "")
		case r.FormValue("continue") == "":
			list(w, pods["flux-system"][:1], "more")
		default:
			list(w, pods["team"], "")
		}
	}
	partly := func(w http.ResponseWriter, r *http.Request) {
		parts := strings.Split(r.URL.Path, "/")
		if len(parts) > 5 && parts[4] == "flux-system" {
			list(w, pods["flux-system"], "")
			return
		}
		refuse(w)
	}
	flux := []string{"flux-system/source-controller-0/manager 3 true", "flux-system/source-controller-shard1-0/manager 0 false"}
	team := []string{"team/helm-controller-0/controller 1 false", "team/helm-controller-0/other 0 false"}
	for _, c := range []struct {
		name    string
		serve   http.HandlerFunc
		want    []string
		refused bool
	}{
		{"all namespaces, in pages", everywhere, append(flux, team...), false},
		{"one namespace", partly, flux, true},
	} {
		logs, refused, err := serverOf(t, c.serve).Logs(t.Context(), []string{"flux-system", "other"})
		if err != nil || (refused != nil) != c.refused {
			t.Errorf("%s: %v, refused %v", c.name, err, refused)
		}
		var got []string
		for _, l := range logs {
			got = append(got, fmt.Sprintf("%s/%s/%s %d %v", l.Namespace, l.Name, l.Container, l.Restart, l.Previous))
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, d)
		}
	}
}

func TestSpool(t *testing.T) {
	t.Parallel()
	since := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	const first, second = "2026-11-20T10:00:01.5Z one\n", "2026-11-20T10:00:02Z \ttwo\n"
	const framed = "2026-11-20T10:00:01.5Z stderr F one\n2026-11-20T10:00:02Z stderr F \ttwo\n"
	for _, c := range []struct {
		name, last, text string
		refused          bool
		want, wrong      string
	}{
		{"whole", second, first + second, false, framed, ""},
		{"grew meanwhile", first, first + second, false, framed, ""},
		{"broke off", "2026-11-20T10:00:03Z three\n", first + second, false, framed, "broke off: the log goes on until 2026-11-20T10:00:03Z"},
		{"nothing since", "2026-11-20T09:00:00Z old\n", "", false, "", ""},
		{"empty", "", "", false, "", ""},
		{"an empty line", second, "2026-11-20T10:00:02Z\n", false, "2026-11-20T10:00:02Z stderr F \n", ""},
		{"long", second, first + "2026-11-20T10:00:02Z " + strings.Repeat("x", 200_000) + "\n", false,
			framed[:36] + "2026-11-20T10:00:02Z stderr F " + strings.Repeat("x", 200_000) + "\n", ""},
		{"refused", "", "", true, "", "the user needs the right to get pods/log"},
		{"no log", "", "unable to retrieve container logs for containerd://abc", false, "", "unable to retrieve"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			asked := 0
			client := serverOf(t, func(w http.ResponseWriter, r *http.Request) {
				asked++
				q := r.URL.Query()
				switch {
				case c.refused:
					refuse(w)
				case r.URL.Path != "/api/v1/namespaces/a/pods/p/log", q.Get("container") != "manager", q.Get("previous") != "true",
					q.Get("timestamps") != "true":
					t.Errorf("asked for %s", r.URL)
				case q.Get("tailLines") == "1":
					_, _ = io.WriteString(w, c.last)
				case q.Get("sinceTime") != "2026-11-20T10:00:00Z":
					t.Errorf("asked for %s", r.URL)
				default:
					_, _ = io.WriteString(w, c.text)
				}
			})
			spool := client.NewSpool(since)
			defer spool.Close()
			open := spool.Opener(Log{Pod: Pod{Namespace: "a", Name: "p"}, Container: "manager"}, true)
			for range 2 { // what was got once can be read again
				got, err := readAll(open)
				if got != c.want || (err == nil) != (c.wrong == "") || err != nil && !strings.Contains(err.Error(), c.wrong) {
					t.Errorf("got %.200q and %v, want %.200q and %q", got, err, c.want, c.wrong)
				}
			}
			if asked > 2 {
				t.Errorf("asked %d times", asked)
			}
		})
	}
}

// TestRotated has logs whose beginning lies in rotated files, or does not.
func TestRotated(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name        string
		since       time.Time
		first, text string // what the newest file begins with, and what it has since then
		wrong       string
	}{
		{"from the start on", time.Time{}, "2026-11-20T08:00:02Z a\n", "2026-11-20T08:00:02Z a\n", ""},
		{"rotated", time.Time{}, "2026-11-20T09:00:00Z a\n", "2026-11-20T09:00:00Z a\n",
			"from 2026-11-20T08:00:00Z to 2026-11-20T09:00:00Z lies in rotated files on node n1"},
		{"rotated before", start.Add(2 * time.Hour), "2026-11-20T09:00:00Z a\n", "2026-11-20T10:30:00Z b\n", ""},
		{"rotated since", start.Add(2 * time.Hour), "2026-11-20T11:00:00Z a\n", "2026-11-20T11:00:00Z a\n",
			"from 2026-11-20T10:00:00Z to 2026-11-20T11:00:00Z lies in rotated files on node n1"},
		{"started since", start.Add(-time.Hour), "2026-11-20T08:00:02Z a\n", "2026-11-20T08:00:02Z a\n", ""},
	} {
		client := serverOf(t, func(w http.ResponseWriter, r *http.Request) {
			q := r.URL.Query()
			text := c.text
			if q.Get("limitBytes") != "" && q.Get("sinceTime") == "" {
				text = c.first + "2026-11-20T1" // breaks off where the bytes end
			}
			_, _ = io.WriteString(w, text)
		})
		spool := client.NewSpool(c.since)
		defer spool.Close()
		log := Log{Pod: Pod{Namespace: "a", Name: "p", Node: "n1"}, Container: "manager", Started: start}
		got, err := readAll(spool.Opener(log, false))
		if got == "" || (err == nil) != (c.wrong == "") || err != nil && !strings.Contains(err.Error(), c.wrong) {
			t.Errorf("%s: got %q and %v, want %q", c.name, got, err, c.wrong)
		}
	}
}

func readAll(open func(context.Context) (io.ReadCloser, error)) (string, error) {
	r, err := open(context.Background())
	if err != nil {
		return "", err
	}
	defer r.Close()
	text, err := io.ReadAll(r)
	return string(text), err
}

func TestServerClock(t *testing.T) {
	t.Parallel()
	local := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		date string
		want time.Duration
	}{
		{"Fri, 20 Nov 2026 10:00:01 GMT", 0},
		{"Fri, 20 Nov 2026 10:05:00 GMT", 5*time.Minute + time.Second/2},
		{"Fri, 20 Nov 2026 09:55:00 GMT", -5*time.Minute + time.Second/2},
		{"", 0},
	} {
		var clock serverClock
		clock.seen(c.date, local)
		if got := time.Duration(clock.ahead.Load()); got != c.want {
			t.Errorf("%q: %s, want %s", c.date, got, c.want)
		}
	}
}

func TestLogin(t *testing.T) {
	t.Parallel()
	path := kubeconfig(t, "users: [{name: u, user: {token: secret}}]")
	if _, err := Login(path, ""); err != nil {
		t.Error(err)
	}
	for name, file := range map[string]string{"": path + ".none", "y": path} {
		_, err := Login(file, name)
		if err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s %q: %v", file, name, err)
		}
	}
}

// TestSpoolRounds has a log grow from round to round, break off within a line, and go on.
func TestSpoolRounds(t *testing.T) {
	t.Parallel()
	const one, two, three, four = "2026-11-20T10:00:01Z one\n", "2026-11-20T10:00:02.5Z two\n", "2026-11-20T10:00:02.5Z three\n",
		"2026-11-20T10:00:04Z four\n"
	text, last := one+two, two
	client := serverOf(t, func(w http.ResponseWriter, r *http.Request) {
		if r.FormValue("tailLines") == "1" {
			_, _ = io.WriteString(w, last)
			return
		}
		from := 0
		if r.FormValue("sinceTime") == "2026-11-20T10:00:02Z" {
			from = len(one)
		}
		_, _ = io.WriteString(w, text[from:])
	})
	spool := client.NewSpool(time.Time{})
	defer spool.Close()
	log := Log{Pod: Pod{Namespace: "a", Name: "p", UID: "u"}, Container: "manager", Restart: 1}
	all := func(lines string) string { return strings.ReplaceAll(lines, "Z ", "Z stderr F ") }
	for i, round := range []struct {
		text, last, want string
		broken           bool
	}{
		{one + two, two, one + two, false},
		{one + two, two, one + two, false},
		{one + two + three + four[:len(four)-3], "2026-11-20T10:00:05Z five\n", one + two + three + four[:len(four)-3], true},
		{one + two + three + four, four, one + two + three + four, false},
	} {
		text, last = round.text, round.last
		for range 2 {
			got, err := readAll(spool.Opener(log, false))
			if got != all(round.want) || (err != nil) != round.broken {
				t.Errorf("round %d: got %q and %v", i, got, err)
			}
		}
		spool.Next(false)
	}
	text = "" // the container was started again: its log is the previous one of the next
	log.Restart = 2
	spool.Next(true)
	if got, err := readAll(spool.Opener(log, true)); got != all(one+two+three+four) || err != nil {
		t.Errorf("after the last round: %q, %v", got, err)
	}
}
