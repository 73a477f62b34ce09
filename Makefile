# Each target installs what it lacks, then runs.

TO_BUILD := libbsd-dev pkg-config
TO_INSTALL := $(TO_BUILD) binutils gcc libc6-dev
TO_TEST := $(TO_BUILD) bash binutils chromium gcc groff-base haproxy libc6-dev make netcat-openbsd parallel procps \
  python3 socat strace systemd tidy xinetd zstd
TO_PARITY := $(TO_INSTALL) bash ncat netcat-openbsd procps python3 socat strace
# The programs themselves are unpacked and not installed: Tests/field/unpack.sh.
TO_PARITY_FIELD = $(TO_BUILD) ca-certificates golang-go python3 python3-venv strace $(if $(shell command -v rustc),,rustc)
TO_FIELD := $(TO_BUILD) ca-certificates dpkg-dev gcc libc6-dev make
TO_LINT := $(TO_BUILD) clang-format gcc libc6-dev liburing-dev shellcheck
# Rust only where there is none: rustup's is as good.
TO_BENCH = $(TO_BUILD) binutils gcc golang-go haproxy libc6-dev libnginx-mod-stream liburing-dev ncat netcat-openbsd \
  nginx python3 python3-matplotlib python3-venv socat ucspi-tcp valgrind xinetd $(if $(shell command -v rustc),,rustc)

PREFIX ?= /usr/local
REPORTS ?= .build/parity
RUNS ?= 2000
INSTALL_BUILD ?= .build/install
ARCHIVES := $(INSTALL_BUILD)/archives
# Starting up is most of what a small program does: the runtimes of Swift and C++ are linked in, and addresses relocated
# from a packed list. libc is not: what it loads to look names up must be of its own version.
RELEASE = -c release --static-swift-stdlib --scratch-path $(INSTALL_BUILD) -Xswiftc -use-ld=lld \
  -Xswiftc -L$(abspath $(ARCHIVES)) -Xswiftc -Xclang-linker -Xswiftc -static-libgcc \
  -Xlinker -z -Xlinker pack-relative-relocs

C_FILES = $(wildcard Sources/*/*.[ch] Sources/*/*/*.[ch] Tests/*/*.[ch] Tests/*/*/*.[ch] include/*.h include/*/*.h Benchmarks/*/*.[ch] Benchmarks/*/*/*.[ch] Benchmarks/*/*/include/*.h)
# A naive translation need not be Swift.
SWIFT_FILES = Package.swift Sources $(shell find Tests -name '*.swift' -not -path '*/Naive/*') Benchmarks/Package.swift Benchmarks/Bench Benchmarks/Competitors Benchmarks/Costs Benchmarks/Rings Benchmarks/Transports

.DEFAULT_GOAL := help
.PHONY: help demo test test-long test-all parity parity-field porting-field bench install release uninstall lint format docs docs-serve docs-test sanitize swap clean

help: ## Show this.
	@echo 'Diptych: the classic socket server and client, in C and in Swift, byte for byte the same.'
	@echo
	@sed -n 's/^\([a-z-]*\):.* ## \(.*\)/\1 \2/p' $(MAKEFILE_LIST) | while read -r target what; do \
	  printf '  make %-13s %s\n' "$$target" "$$what"; done

demo: ## Build, and show the four pairings of server and client talk.
	@Tests/setup.sh $(TO_BUILD)
	swift build
	@Tests/demo.sh "$$(swift build --show-bin-path)"

# One group after the other, each a process of its own: a child holds a copy of each descriptor of its parent until its
# exec, so a test of the engines that ran meanwhile would see the end of a connection late.
GROUPS = engines=EngineTests programs='ProgramTests|RepositoryTests' judge=ParityKitTests idioms='IdiomTests|PortingKitTests'

test: ## Build, and run the tests: a quarter of an hour.
	@Tests/setup.sh $(TO_TEST)
	@Tests/run.py $(GROUPS)

test-long: ## The same with the long rounds, then test the installation.
	@Tests/setup.sh $(TO_TEST)
	@DIPTYCH_LONG=yes Tests/run.py $(GROUPS)
	@DIPTYCH_INSTALL=yes Tests/run.py installation=InstallTests

test-all: test-long ## The same, then judge the programs of the field.
	@$(MAKE) --no-print-directory parity-field

# As they are installed: what is optimized differs in other ways, and a page of a hundred runs is there sooner.
parity: ## Judge the engines against each other, and all servers with all clients: RUNS by chance (2000), REPORTS.
	@Tests/setup.sh $(TO_PARITY)
	@$(MAKE) --no-print-directory release
	Tests/parity.sh "$$(swift build $(RELEASE) --show-bin-path)" "$(abspath $(REPORTS))" $(RUNS)

# The optimized build is what users have, so it is judged if it was built before.
parity-field: ## Judge real programs, each with itself, and pairs whose differences are known; needs the network.
	@Tests/setup.sh $(TO_PARITY_FIELD)
	@if [ -x $(INSTALL_BUILD)/release/parity ]; then $(MAKE) --no-print-directory release; else swift build --product parity; fi
	@Tests/field/field.sh self busy pairs

porting-field: ## Run porting-check on programs that Debian ships as source; needs the network.
	@Tests/setup.sh $(TO_FIELD)
	swift build --product porting-check
	Tests/porting-field.sh "$$(swift build --show-bin-path)/porting-check"

# Static: what is installed needs no Swift. The second product is argument-parser's, and writes the man pages.
install: ## Build for release, and install: PREFIX (/usr/local), DESTDIR.
	@Tests/setup.sh $(TO_INSTALL)
	@$(MAKE) --no-print-directory release
	swift build $(RELEASE) --product generate-manual
	deploy/install.sh install "$$(swift build $(RELEASE) --show-bin-path)" "$(DESTDIR)$(PREFIX)"

release:
	@mkdir -p $(ARCHIVES)
	@ln -sf "$$(cc -print-file-name=libstdc++.a)" $(ARCHIVES)
	swift build $(RELEASE)

uninstall: ## Remove what was installed: PREFIX, DESTDIR.
	deploy/install.sh uninstall - "$(DESTDIR)$(PREFIX)"

bench: ## Measure the programs against others that do the same; a quarter of an hour.
	@Tests/setup.sh $(TO_BENCH)
	$(MAKE) -C Benchmarks

lint: ## Check the form of Swift, C and shell; run gcc's analyzer.
	@Tests/setup.sh $(TO_LINT)
	swift format lint --strict --recursive $(SWIFT_FILES)
	clang-format --dry-run --Werror $(C_FILES)
	for file in Sources/CIPC/*/*.c Benchmarks/*/*.c Benchmarks/*/*/*.c; do \
	  gcc -std=c17 -Wall -Wextra -Wpedantic -Werror -fanalyzer -O1 -Iinclude -c $$file -o /dev/null || exit 1; done
	shellcheck .ci/run Tests/*.sh Tests/field/*.sh Tests/field/files/*.sh deploy/*.sh

format: ## Give Swift and C their form.
	@Tests/setup.sh $(TO_LINT)
	swift format format --in-place --recursive $(SWIFT_FILES)
	clang-format -i $(C_FILES)

# The symbols of these modules and of the header, and the pages of Sources/Diptych.docc, make one site. The catalog is
# copied, since the plots and the code of the tutorial are elsewhere. The compiler finds C modules in the checkouts of
# packages. A comment documents only the parameters that need it, so docc does not ask for the others.
DOCUMENTED := IPC ParityKit ParityTesting
SYMBOLS := .build/symbols/IPC.symbols.json .build/symbols/c/IPC.symbols.json

docs: ## Build the documentation as one website, into .build/docs.
	@Tests/setup.sh $(TO_BUILD) python3
	for module in $(DOCUMENTED); do swift build --target $$module || exit 1; done
	@rm -rf .build/symbols .build/Diptych.docc
	@mkdir -p .build/symbols/c
	for module in $(DOCUMENTED); do \
	  swift symbolgraph-extract -module-name $$module -minimum-access-level public -output-dir .build/symbols \
	    -target "$$(uname -m)-unknown-linux-gnu" -I "$$(swift build --show-bin-path)/Modules" -I Sources/CProcess \
	    -I .build/checkouts/swift-system/Sources/CSystem/include \
	    -I .build/checkouts/Yams/Sources/CYaml/include || exit 1; done
	clang -extract-api -x c-header include/ipc.h include/ipc/*.h --product-name=IPC -Iinclude -o $(lastword $(SYMBOLS))
	Tests/site/pair_symbols.py $(SYMBOLS)
	cp -R Sources/Diptych.docc .build/Diptych.docc
	cp Benchmarks/*.svg .build/Diptych.docc/Resources
	cd Sources/Originals && for file in $$(find * -type f); do \
	  cp $$file ../../.build/Diptych.docc/Resources/$$(echo $$file | tr / -) || exit 1; done
	docc convert .build/Diptych.docc --additional-symbol-graph-dir .build/symbols --output-path .build/docs \
	  --fallback-display-name Diptych --fallback-default-module-kind Library \
	  --disable-parameters-and-returns-validation --warnings-as-errors
	Tests/site/finish_site.py .build/docs
	@echo 'To read it: make docs-serve'

docs-test: docs ## Open the documentation in Chromium, in both languages: nothing is cut, links and searches find pages.
	@Tests/setup.sh chromium python3
	Tests/site/site_tests.py
	Tests/site/check.py .build/docs

docs-serve: docs ## Build the documentation, and show it at http://127.0.0.1:8000/documentation/diptych
	@Tests/setup.sh python3
	@echo 'http://127.0.0.1:8000/documentation/diptych'
	@python3 -m http.server --bind 127.0.0.1 --directory .build/docs 8000

SWAP_BUILD = DIPTYCH_SWAP_BUILD=yes swift build --scratch-path .build/swap

# The costs are those of optimized code; the tests are built as for make test.
swap: ## Test the engines once for each function that Swift answers for C: TESTS=own, FUNCTIONS='ipc_send ipc_wait'.
	@Tests/setup.sh $(TO_BUILD) python3
	Tests/swap/generate.py
	$(SWAP_BUILD) --build-tests
	$(SWAP_BUILD) -c release --product cost
	@Tests/swap/check.py $(if $(filter own,$(TESTS)),--own) $(FUNCTIONS)

sanitize: ## Run the engines' tests under the address and the thread sanitizer.
	@Tests/setup.sh $(TO_TEST)
	@Tests/run.py address=EngineTests -- --sanitize=address --scratch-path .build/address
	@Tests/run.py thread=EngineTests -- --sanitize=thread --scratch-path .build/thread

clean: ## Remove what was built.
	rm -rf .build Package.resolved Benchmarks/.build Benchmarks/Package.resolved
