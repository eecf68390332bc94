// Command watch observes a cluster until every kind was listed, and prints how many objects there
// are and how much memory it took. It stands alone so that the memory is that of the watch.
package main

import (
	"context"
	"fmt"
	"log"
	"log/slog"
	"os"
	"runtime/debug"
	"strings"
	"time"

	conditions "fluxtrail/conditions/kube"
	"fluxtrail/derive"
	"fluxtrail/kube"
)

func main() {
	debug.SetGCPercent(50) // as the agent does
	cfg := kube.DefaultConfig()
	cfg.Kubeconfig = os.Args[1]
	client, err := kube.Connect(cfg, slog.Default())
	if err != nil {
		log.Fatal(err)
	}
	objects := 0
	s := conditions.New(client, conditions.Options{
		Redact: func(s string) string { return s }, Now: time.Now, List: func(derive.Listing) {},
		Observe: func(all []derive.Observation) { objects += len(all) },
		Report:  func(kind string, err error) { log.Print(kind, ": ", err) },
	})
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	done := make(chan error)
	go func() { done <- s.Run(ctx) }()
	s.Wait(ctx)
	cancel()
	if err := <-done; err != nil {
		log.Fatal(err)
	}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("objects", objects)
	for line := range strings.Lines(string(status)) {
		if strings.HasPrefix(line, "VmHWM") || strings.HasPrefix(line, "VmRSS") || strings.HasPrefix(line, "RssAnon") {
			fmt.Print(line)
		}
	}
}
