// Command writer prints recorded log lines on its standard error at a steady rate,
// as a busy controller would, and then waits to be ended.
//
// Its input has the container runtime's framing; that is taken off, because the
// runtime of the end-to-end node puts it on again.
package main

import (
	"bufio"
	"bytes"
	"flag"
	"log"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// A burst is what is written at one tick of the clock.
const tick = 10 * time.Millisecond

func main() {
	rate := flag.Int("rate", 2000, "lines per second")
	metrics := flag.String("metrics", "", "where to serve what a controller exports, as 127.0.0.1:8080")
	flag.Parse()
	if flag.NArg() != 1 {
		log.Fatal("usage: writer [-rate N] FILE")
	}
	if *metrics != "" {
		go func() { log.Fatal(http.ListenAndServe(*metrics, http.HandlerFunc(export))) }()
	}
	end := make(chan os.Signal, 1)
	signal.Notify(end, syscall.SIGINT, syscall.SIGTERM)
	if err := copyLines(flag.Arg(0), *rate, end); err != nil {
		log.Fatal(err)
	}
}

// export answers as the metrics of a controller do, as far as tests ask for them.
func export(w http.ResponseWriter, _ *http.Request) {
	_, _ = w.Write([]byte("controller_runtime_active_workers{controller=\"kustomization\"} 1\ngo_goroutines 1\n"))
}

func copyLines(path string, rate int, end <-chan os.Signal) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	in, clock := bufio.NewScanner(file), time.NewTicker(tick)
	in.Buffer(nil, 1<<20)
	begin, written, more := time.Now(), 0, true
	for {
		select {
		case <-end:
			return in.Err()
		case now := <-clock.C:
			for due := int(now.Sub(begin).Seconds() * float64(rate)); more && written < due; written++ {
				if more = in.Scan(); more {
					fields := bytes.SplitN(in.Bytes(), []byte(" "), 4)
					os.Stderr.Write(append(fields[len(fields)-1], '\n'))
				}
			}
		}
	}
}
