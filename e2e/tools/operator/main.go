// Command operator turns monitors into the configuration of a Prometheus as the Prometheus Operator
// does, by its own generator, and finds what they select as Prometheus does, by its own discovery.
//
//	operator -kubeconfig FILE -dir DIR < monitors.yaml > prometheus.yaml
//
// In: ServiceMonitors and PodMonitors. Out: a configuration in which each discovery by the API
// server is replaced by a file in DIR with what that discovery finds at this moment, because the
// Prometheus of Debian is built without it. Targets are asked on loopback, where pods of tests are.
// Intervals are one second.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"maps"
	"net"
	"os"
	"path/filepath"
	"time"

	monitoringv1 "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	"github.com/prometheus-operator/prometheus-operator/pkg/assets"
	operator "github.com/prometheus-operator/prometheus-operator/pkg/prometheus"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/discovery"
	"github.com/prometheus/prometheus/discovery/kubernetes"
	"github.com/prometheus/prometheus/discovery/targetgroup"
	yamlv2 "go.yaml.in/yaml/v2"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/yaml"
)

// How long a discovery may take to say the first thing, and then say nothing new before what it found
// counts as all.
const (
	first    = 20 * time.Second
	patience = 2 * time.Second
)

func main() {
	log.SetFlags(0)
	config := flag.String("kubeconfig", "", "the way to the API server")
	dir := flag.String("dir", "", "the directory for what is found")
	flag.Parse()
	if err := run(os.Stdin, os.Stdout, *config, *dir); err != nil {
		log.Fatalln("operator:", err)
	}
}

func run(in io.Reader, out io.Writer, kubeconfig, dir string) error {
	text, err := generated(in)
	if err != nil {
		return err
	}
	var config map[string]any
	if err := yamlv2.Unmarshal(text, &config); err != nil {
		return err
	}
	jobs, _ := config["scrape_configs"].([]any)
	for i, job := range jobs {
		fields, ok := job.(map[any]any)
		if !ok {
			return fmt.Errorf("job %d is no object", i)
		}
		path := filepath.Join(dir, fmt.Sprintf("targets-%d.json", i))
		if err := find(fields["kubernetes_sd_configs"], kubeconfig, path); err != nil {
			return err
		}
		delete(fields, "kubernetes_sd_configs")
		fields["file_sd_configs"] = []any{map[string]any{"files": []string{path}}}
		fields["scrape_interval"], fields["scrape_timeout"] = "1s", "1s"
	}
	text, err = yamlv2.Marshal(map[string]any{"scrape_configs": jobs})
	if err == nil {
		_, err = out.Write(text)
	}
	return err
}

// generated is the configuration that the operator makes of the monitors.
func generated(in io.Reader) ([]byte, error) {
	services, pods := map[string]*monitoringv1.ServiceMonitor{}, map[string]*monitoringv1.PodMonitor{}
	for documents := yaml.NewYAMLOrJSONDecoder(in, 4096); ; {
		var raw json.RawMessage
		err := documents.Decode(&raw)
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil && !bytes.Equal(raw, []byte("null")) {
			err = sort(raw, services, pods)
		}
		if err != nil {
			return nil, err
		}
	}
	role := monitoringv1.EndpointSliceRole
	server := &monitoringv1.Prometheus{
		ObjectMeta: metav1.ObjectMeta{Name: "e2e", Namespace: "monitoring"},
		Spec: monitoringv1.PrometheusSpec{CommonPrometheusFields: monitoringv1.CommonPrometheusFields{
			Version: "v2.42.0", ScrapeInterval: "60s", ServiceDiscoveryRole: &role,
		}, EvaluationInterval: "60s"},
	}
	g, err := operator.NewConfigGenerator(nil, server, operator.WithEndpointSliceSupport())
	if err != nil {
		return nil, err
	}
	text, err := g.GenerateServerConfiguration(server, services, pods, nil, nil, &assets.StoreBuilder{}, nil, nil, nil, nil)
	return bytes.ReplaceAll(text, []byte("$(SHARD)"), []byte("0")), err // as the operator's reloader does
}

// sort puts a monitor where it belongs.
func sort(raw []byte, services map[string]*monitoringv1.ServiceMonitor, pods map[string]*monitoringv1.PodMonitor) error {
	var about metav1.PartialObjectMetadata
	if err := json.Unmarshal(raw, &about); err != nil {
		return err
	}
	key := about.Namespace + "/" + about.Name
	switch about.Kind {
	case monitoringv1.ServiceMonitorsKind:
		services[key] = new(monitoringv1.ServiceMonitor)
		return json.Unmarshal(raw, services[key])
	case monitoringv1.PodMonitorsKind:
		pods[key] = new(monitoringv1.PodMonitor)
		return json.Unmarshal(raw, pods[key])
	}
	return nil
}

// find writes what a list of discoveries finds to a file that Prometheus reads.
func find(configs any, kubeconfig, path string) error {
	text, err := yamlv2.Marshal(configs)
	if err != nil {
		return err
	}
	var list []kubernetes.SDConfig
	if err := yamlv2.Unmarshal(text, &list); err != nil {
		return err
	}
	found := []map[string]any{}
	for i := range list {
		list[i].KubeConfig = kubeconfig
		groups, err := discovered(&list[i])
		if err != nil {
			return err
		}
		for _, g := range groups {
			for _, target := range g.Targets {
				labels := maps.Clone(g.Labels)
				maps.Copy(labels, target)
				address := string(labels[model.AddressLabel])
				if _, port, err := net.SplitHostPort(address); err == nil {
					address = net.JoinHostPort("127.0.0.1", port)
				}
				delete(labels, model.AddressLabel)
				found = append(found, map[string]any{"targets": []string{address}, "labels": labels})
			}
		}
	}
	text, err = json.MarshalIndent(found, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o600)
}

// discovered runs a discovery until it says nothing new.
func discovered(config *kubernetes.SDConfig) (map[string]*targetgroup.Group, error) {
	registry := prometheus.NewRegistry()
	metrics := config.NewDiscovererMetrics(registry, discovery.NewRefreshMetrics(registry))
	d, err := kubernetes.New(nil, metrics, config)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	updates := make(chan []*targetgroup.Group)
	go d.Run(ctx, updates)
	all, wait := map[string]*targetgroup.Group{}, first
	for {
		select {
		case groups := <-updates:
			for _, g := range groups {
				all[g.Source] = g
			}
			wait = patience
		case <-time.After(wait):
			return all, nil
		}
	}
}
