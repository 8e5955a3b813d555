# All tasks of the project. Start with `make demo`.
SHELL := /bin/bash
SWIFT ?= swift
RELEASE = .build/release/agency-check

.PHONY: help setup build demo test format lint docs check-docs check-pages check-rules check attack reliability fuzz check-deep bench install clean

help: ## List the tasks
	@grep -E '^[a-z-]+:.*##' Makefile | sed 's/:.*##/\t/' | expand -t 14

setup: ## Install the system packages that are missing
	@.ci/setup

build: setup ## Build the program (release)
	@echo "Building agency-check. The first time, this takes some minutes without any output ..."
	@$(SWIFT) build -c release --static-swift-stdlib 2>&1 | { grep -E 'error|warning:' || true; }
	@test -x $(RELEASE)

demo: build ## Check the sample returns and say what to open
	@echo "Checking the sample returns in samples/ (made up, with at least one finding of each rule) ..."
	@$(RELEASE) check samples --rules samples/rules --out demo-output > /dev/null; code=$$?; \
	  if [ $$code -ne 3 ]; then echo "expected exit code 3 (one sample is refused on purpose), got $$code"; exit 1; fi
	@echo
	@echo "Open these:"
	@echo "  demo-output/report.html     one page: whether the returns can be sent, what is wrong, what to do"
	@echo "  demo-output/exceptions.csv  every finding and what to do about it"
	@echo "  demo-output/coverage.csv    what each rule could assess"
	@echo "  demo-output/rejected.csv    rows that could not be read"
	@echo "Then check your own folder:  $(RELEASE) check YOUR-FOLDER --out YOUR-OUTPUT"

test: setup ## Run all tests
	@.ci/test

format: ## Format the sources
	@$(SWIFT) format format -i -r Sources Tests Package.swift

lint: ## Check the format of the sources, and the English of messages, pages and comments
	@$(SWIFT) format lint --strict -r Sources Tests Package.swift
	@Scripts/check-english

docs: build ## Write the pages of the rules
	@Scripts/rule-pages docs/rules

check-docs: build ## Check that the pages of the rules are up to date
	@Scripts/rule-pages --check docs/rules

check-pages: build ## Check the pages in a browser, and the workbook with another reader
	@Scripts/check-pages

check-rules: build ## Read the rule books strictly
	@$(RELEASE) rules check
	@$(RELEASE) rules check --rules samples/rules

# Warnings are errors in all these builds, because builds with different settings would discard each other's results.
check: export AGENCY_CHECK_STRICT = 1
check: test lint check-docs check-rules check-pages ## Run all checks for the main branch

REGIONS ?= 300
attack: build ## Try to work out what 300 made-up regions withhold from members and the public (REGIONS=20 for fewer)
	@python3 Tests/Attack/run.py $(RELEASE) --regions $(REGIONS) --faults Tests/Data/faults

FUZZ_SECONDS ?= 600
reliability: build ## Try to break every promise (an hour), and write docs/reliability.md
	@python3 Tests/Reliability/run.py --fuzz $(FUZZ_SECONDS) --sanitizers --write docs/reliability.md $(if $(KEEP),--keep $(KEEP))

SECONDS_EACH ?= 60
fuzz: setup ## Fuzz the readers for SECONDS (default 60) with the address sanitizer
	@Scripts/fuzz $(if $(SECONDS),$(SECONDS),$(SECONDS_EACH))

check-deep: setup ## Run all tests under the address sanitizer, then under the thread sanitizer
	@Scripts/check-deep

bench: build ## Measure the speed, and write docs/performance.md
	@Benchmarks/run

PREFIX ?= /usr/local
install: build ## Install the program and its rules under PREFIX (default /usr/local)
	@install -d $(PREFIX)/bin $(PREFIX)/share/agency-check
	@install -m 755 $(RELEASE) $(PREFIX)/bin/agency-check
	@rm -rf $(PREFIX)/share/agency-check/rules
	@cp -r rules $(PREFIX)/share/agency-check/rules
	@install -m 644 NOTICE $(PREFIX)/share/agency-check/NOTICE
	@echo "Installed $(PREFIX)/bin/agency-check"

clean:
	rm -rf .build demo-output
