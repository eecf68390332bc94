package kube

import (
	"net/http"
	"testing"
)

// TestMetricsAddress finds the port of a controller by its name, by the annotation, or by habit.
func TestMetricsAddress(t *testing.T) {
	t.Parallel()
	pod := func(phase, ip string, annotations, port jsonObject) jsonObject {
		return jsonObject{
			"apiVersion": "v1", "kind": "Pod", "metadata": jsonObject{"name": "p", "annotations": annotations},
			"spec":   jsonObject{"containers": []jsonObject{{"name": "manager", "ports": []jsonObject{{"name": "healthz", "containerPort": 9440}, port}}}},
			"status": jsonObject{"phase": phase, "podIP": ip},
		}
	}
	named, other := jsonObject{"name": "http-prom", "containerPort": 8081}, jsonObject{"name": "http", "containerPort": 9090}
	told := jsonObject{"prometheus.io/port": "8082"}
	for _, c := range []struct {
		pod  jsonObject
		want string
	}{
		{pod("Running", "10.0.0.5", told, named), "10.0.0.5:8081"},
		{pod("Running", "fd00::5", told, other), "[fd00::5]:8082"},
		{pod("Running", "10.0.0.5", jsonObject{"prometheus.io/port": "http"}, other), "10.0.0.5:8080"},
		{pod("Pending", "10.0.0.5", nil, named), ""},
		{pod("Running", "", nil, named), ""},
	} {
		client := serverOf(t, func(w http.ResponseWriter, _ *http.Request) { reply(w, http.StatusOK, c.pod) })
		if got, err := client.MetricsAddress(t.Context(), "flux-system", "p"); got != c.want || err != nil {
			t.Errorf("%q %v, want %q", got, err, c.want)
		}
	}
	client := serverOf(t, func(w http.ResponseWriter, _ *http.Request) { refuse(w) })
	if _, err := client.MetricsAddress(t.Context(), "flux-system", "p"); !Refused(err) {
		t.Error(err)
	}
}
