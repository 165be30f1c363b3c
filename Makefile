# make run      a real server, demo accounts, the page      SERVER=ejabberd|prosody PORT=8080
# make test     everything that must hold before a change lands; installs what it needs
# make check    the quick half for daily work: native only
# make dist     the release page in dist/, ready to be hosted
# make bench    benchmarks in a real browser with a real server
# make clean    removes what was built and the development server's data; the tools stay

.PHONY: run test check dist bench clean

run:
	@SERVER="$(SERVER)" PORT="$(PORT)" scripts/run.sh

test:
	@scripts/steps.sh all

check:
	@scripts/steps.sh quick

dist:
	@scripts/steps.sh setup_tools page host size

bench:
	@scripts/steps.sh setup_tools setup_servers setup_browser page host bench

clean:
	rm -rf target dist .run
