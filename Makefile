# Daylight. `make test` while you work, `make check` before you push.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

BUF         := go tool -modfile=internal/tools/go.mod buf
STATICCHECK := go tool -modfile=internal/tools/go.mod staticcheck

# Rooms without I/O: cheap enough to run a second time under the race detector.
PURE := internal/fold internal/record internal/journal internal/exchange internal/access internal/vocabulary internal/likeness internal/checklist

# Where drawn tests begin: what has not changed passes again. `go test` alone draws
# anew each time, and `make soak` much longer.
export RAPID_SEED ?= 20261126

# How long `make fuzz` spends on each target.
FUZZTIME ?= 10s

.PHONY: help
help: ## what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 20

.PHONY: test
test: ## every test
	go test ./...
	@echo "test: passed"

.PHONY: check
check: test race vet lint proto-check arch ## everything that a change has to pass
	@echo "check: passed"

# The stories need one core and the pure rooms another: side by side they take as long as the
# stories alone. What reads workbooks beside a pure room is not one.
.PHONY: race
race: ## the pure rooms, and short stories, under the race detector
	@pure="$(patsubst %,./%,$(PURE)) ./internal/checklist/expr"; echo "go test -race $$pure"; go test -race $$pure & rooms=$$!; \
	failed=0; echo "go test -race -short ./internal/scenario"; go test -race -short ./internal/scenario || failed=1; \
	wait $$rooms || failed=1; if [ $$failed = 1 ]; then echo "race: FAILED"; exit 1; fi
	@echo "race: $(words $(PURE)) rooms and the stories passed"

.PHONY: vet
vet: ## gofmt and go vet
	@bad=$$(git ls-files -co --exclude-standard '*.go' | while read -r f; do if [ -f "$$f" ]; then gofmt -l "$$f"; fi; done); \
	if [ -n "$$bad" ]; then echo "not formatted, run gofmt -w on:"; echo "$$bad"; exit 1; fi
	go vet ./...
	@echo "vet: passed"

.PHONY: lint
lint: ## staticcheck
	$(STATICCHECK) ./...
	@echo "lint: passed"

.PHONY: proto
proto: ## generate proto/gen from the .proto files
	$(BUF) generate proto --template proto/buf.gen.yaml
	@echo "proto: generated into proto/gen"

.PHONY: checklists
checklists: ## make the shipped checklists from their sheets
	@for sheets in internal/checklist/shipped/*/*/; do touch "$${sheets%/}.binpb.gz"; done # embedded by name
	UPDATE_GOLDEN=1 go test ./internal/checklist/xlsform -run TestShippedFormsAreWhatTheirSheetsSay -count=1
	@echo "checklists: made in internal/checklist/shipped"

.PHONY: guide
guide: ## make the pictures of both guides from the demo's pages
	UPDATE_GUIDE=1 DAYLIGHT_NEEDS_CHROMIUM=1 go test ./internal/demo -run 'TestPicturesOfThe' -count=1
	@echo "guide: made in client-sync/fieldapp/guide and server/console/guide"

# Generates into a folder of its own, so that a check never changes the tree.
.PHONY: proto-check
proto-check: ## the .proto files: style, promises kept, generated code up to date
	$(BUF) lint
	$(BUF) breaking --against proto/baseline.binpb
	@new=$$(mktemp -d); trap 'rm -rf "$$new"' EXIT; \
	$(BUF) generate proto --template proto/buf.gen.yaml -o "$$new"; \
	if ! diff -r proto/gen "$$new/proto/gen"; then \
	  echo "proto-check: proto/gen is not what the .proto files say: run 'make proto' and commit the result"; exit 1; fi
	@echo "proto-check: passed"

# From here on `make check` refuses what would break an app that speaks the
# schema as it is now. Commit the file together with the release that makes it.
.PHONY: baseline
baseline: ## promise the present schema to all who use it
	$(BUF) build -o proto/baseline.binpb
	@echo "baseline: proto/baseline.binpb holds the present schema"

# Not from the test cache: the test reads the whole tree, which the cache does not see.
.PHONY: arch
arch: ## who may import whom
	go test -count=1 ./internal/arch
	@echo "arch: passed"

.PHONY: fuzz
fuzz: ## each fuzz target for FUZZTIME
	@found=0; while IFS=: read -r file name; do \
	  found=$$((found + 1)); echo "fuzz: $$name in $$(dirname $$file) for $(FUZZTIME)"; \
	  go test -run '^$$' -fuzz "^$$name\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 1x "./$$(dirname $$file)"; \
	done < <(git ls-files -co --exclude-standard '*_test.go' | xargs -r grep -so '^func Fuzz[A-Za-z0-9_]*' /dev/null | sed 's/func //'); \
	if [ $$found = 0 ]; then echo "fuzz: there is no fuzz target"; exit 1; fi; echo "fuzz: $$found targets passed"

.PHONY: bench
bench: ## the workloads beside their floor
	go run ./internal/bench
	@echo "bench: done"

.PHONY: differential
differential: ## new expressions, ours beside another engine; needs node and npm
	go run ./internal/checklist/expr/differential
	@echo "differential: passed"

.PHONY: soak
soak: ## long random histories, ten million nonces; takes hours
	RAPID_SEED=0 go test ./internal/exchange -run TestHistories -count=1 -timeout 12h -rapid.checks=2000
	go test -tags soak -run Soak -count=1 -timeout 12h -v ./internal/vault ./internal/scenario ./client-sync/fieldapp ./server/console
	@echo "soak: passed"
