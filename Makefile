SHELL := bash
.SHELLFLAGS := -euo pipefail -c
GO ?= go
FUZZTIME ?= 60s
BENCHTIME ?= 1s
PREFIX ?= /usr/local
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null)
SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct 2>/dev/null || echo 0)
ARCHS ?= amd64 arm64
LINT = $(GO) tool -modfile=$(CURDIR)/tools/lint/go.mod
STATICCHECK = $(LINT) staticcheck
REVIVE = $(LINT) revive -config $(CURDIR)/tools/lint/revive.toml

.PHONY: help
help: ## List the targets, and what can be set as in make fuzz FUZZTIME=5m
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## /{printf "  %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@awk -F ' \\?= ' '/^[A-Z]+ \?= /{sub(/\$$\(shell.*/, "what git describes"); printf "  %-10s default: %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: build
build: ## Build bin/fluxtrail
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '-s -w -X main.version=$(VERSION)' -o bin/fluxtrail ./cmd/fluxtrail

.PHONY: image
image: ## Make the image for ARCHS without a container engine, in dist/image
	@for arch in $(ARCHS); do \
	  CGO_ENABLED=0 GOOS=linux GOARCH=$$arch $(GO) build -trimpath -ldflags '-s -w -X main.version=$(VERSION)' \
	    -o dist/linux-$$arch/fluxtrail ./cmd/fluxtrail; \
	done
	@cd tools/image && $(GO) run . -version "$(VERSION)" -revision "$$(git rev-parse HEAD 2>/dev/null)" -created $(SOURCE_DATE_EPOCH) \
	  -out ../../dist/image $(foreach arch,$(ARCHS),linux/$(arch)=../../dist/linux-$(arch)/fluxtrail)
	@sha256sum dist/image/fluxtrail.tar

.PHONY: demo
demo: build ## Replay a recorded story; the page and the JSON land in demo/
	bin/fluxtrail replay --output text,json,html --out-dir demo fixtures/demo/pods

.PHONY: test
test: ## Run every test that needs nothing but Go
	$(GO) test ./...
	$(GO) test -tags purego -run 'Scan|Prefilter|Secrets' ./parse/redact
	cd tools/image && $(GO) test ./...
	cd tools/manifests && $(GO) test ./...

.PHONY: e2e-tools
e2e-tools: ## Build Loki, Kubernetes, Helm, Prometheus and command-line tools for e2e, once (minutes, then cached)
	@e2e/build-tools.sh

.PHONY: e2e
e2e: ## Run the tests against real servers; a test that lacks one says so
	cd e2e && $(GO) test -count=1 -timeout 45m -v ./...

.PHONY: ci
ci: ## Run what continuous integration runs; it installs packages of Debian
	.ci/run

.PHONY: bench
bench: ## Run the benchmarks of the stages and of a whole replay
	$(GO) test -run '^$$' -bench . -benchmem -benchtime $(BENCHTIME) ./...
	cd e2e && $(GO) test -run '^$$' -bench . -benchtime 1x -timeout 30m ./bench

.PHONY: fuzz
fuzz: ## Run every fuzz target for FUZZTIME; none of it is spent on making inputs smaller
	@for pkg in $$($(GO) list ./...); do \
	  for target in $$($(GO) test -list '^Fuzz' $$pkg | grep '^Fuzz' || true); do \
	    echo "$$pkg $$target"; \
	    $(GO) test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 1x $$pkg; \
	  done; \
	done

.PHONY: docs
docs: ## Write docs/cli.md, the man pages and the examples in docs anew
	$(GO) test ./cmd/fluxtrail -run 'TestCLIReference|TestManPages' -update

.PHONY: rules
rules: ## Write the alert rules in deploy/rules anew
	$(GO) test ./derive/rules -run 'TestDeploy|TestPages' -update

.PHONY: manifests
manifests: ## Write deploy/install.yaml, the chart's README and its copies anew
	cd tools/manifests && $(GO) run . ../../deploy

.PHONY: install
install: build ## Install into PREFIX (default /usr/local), with man pages and completion
	install -D -m 755 bin/fluxtrail $(DESTDIR)$(PREFIX)/bin/fluxtrail
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/man/man1 docs/man/*.1
	install -d $(DESTDIR)$(PREFIX)/share/bash-completion/completions
	bin/fluxtrail completion bash > $(DESTDIR)$(PREFIX)/share/bash-completion/completions/fluxtrail

.PHONY: gitleaks
gitleaks: ## Take over the token shapes of the rules of gitleaks
	cd tools/gitleaks && $(GO) run . ../../parse/redact

.PHONY: lint
lint: ## Check format, vet, staticcheck, revive, dead code and the shell scripts
	@files=$$(gofmt -l $$(git ls-files -co --exclude-standard '*.go')); \
	if [ -n "$$files" ]; then echo "make fmt would change:" $$files; exit 1; fi
	$(GO) vet ./... && $(STATICCHECK) ./... && $(REVIVE) ./...
	@dead=$$($(LINT) deadcode -test ./...); \
	if [ -n "$$dead" ]; then echo "nothing calls:"; echo "$$dead"; exit 1; fi
	cd e2e && $(GO) vet ./... && $(STATICCHECK) ./...
	@if command -v shellcheck >/dev/null; then shellcheck .ci/run e2e/*.sh e2e/tools/crds/*.sh tools/*.sh; \
	else echo "shellcheck is not installed: the scripts were not checked"; fi

.PHONY: house
house: ## Print the package graph with its floors, sizes, and what breaks a rule of the layout
	@$(GO) run ./tools/house

.PHONY: fmt
fmt: ## Format the Go files
	gofmt -w $$(git ls-files -co --exclude-standard '*.go')

.PHONY: clean
clean: ## Remove what the targets made here
	rm -rf bin demo dist
