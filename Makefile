# `make` alone lists every target.
MVN ?= mvn -B
.DEFAULT_GOAL := help
.PHONY: help fmt check test verify it demo up bench jmh dist soak simulate fuzz clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

fmt: ## format the sources
	$(MVN) -q spotless:apply

check: ## compile with every check, no tests (fast)
	$(MVN) -q -DskipTests verify

test: ## everything: mvn verify and, where it may install them, the Debian packages the fuller tests need
	./build/test.sh

verify: ## mvn verify: what runs with JDK and Maven alone
	$(MVN) verify

it: ## the whole-system tests only
	$(MVN) -pl e2e -am verify -Dsurefire.failIfNoSpecifiedTests=false -Dtest='dev.terraseal.e2e.**'

demo: ## start, apply, receipt, export, verify, tamper, refuse
	./terraseal demo

up: ## the whole stack in one process, data in ./.terraseal
	./terraseal up

bench: ## every benchmark, each with its reference
	./terraseal bench sequencer && ./terraseal bench signer && ./terraseal bench pipeline && ./terraseal bench archive && ./terraseal bench verify

jmh: ## the hot paths of core under JMH, two minutes (JMH="-f 3 verifyP256" gives it arguments)
	$(MVN) -q -Dquick -DskipTests -Pjmh -pl bench -am verify -Djmh.arguments="$(JMH)"
	@sed -n '/^Benchmark /,$$p' bench/target/jmh.txt

dist: ## what people install: server tarball, run jar, verify jar, verify.html, SHA256SUMS
	./build/dist.sh

soak: ## long runs: 1,000,000 entries, 200 kills of the archiver, three rounds of every disaster
	./build/soak.sh
	./build/soak.sh archiver
	./build/soak.sh chaos

simulate: ## 50,000 seeds of the simulation, others every day
	./build/simulate.sh

fuzz: ## a minute of coverage-guided fuzzing for every reader of bytes from outside
	./build/fuzz.sh

clean: ## remove everything built
	$(MVN) -q clean && rm -rf target
