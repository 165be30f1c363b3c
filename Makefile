# make run      a real server, demo accounts, the page      SERVER=ejabberd|prosody PORT=8080
# make test     everything that must hold before a change lands; installs what it needs
# make check    the quick half for daily work: native only
# make dist     the release page in dist/, ready to be hosted
# make npm      the same as a package for npm, with <waxwing-chat>, in dist-npm/
# make docs     the pages of docs/ that are made of the source
# make bench    benchmarks in a real browser with a real server
# make soak     the simulator, for much longer: SECONDS=600, or STEPS=100000000
# make clean    removes what was built and the development server's data; the tools stay

.PHONY: run test check dist npm docs bench soak clean

run:
	@SERVER="$(SERVER)" PORT="$(PORT)" scripts/run.sh

test:
	@scripts/steps.sh all

check:
	@scripts/steps.sh quick

dist:
	@scripts/steps.sh setup_tools page host compress size

npm: dist
	@scripts/npm

docs:
	@WAXWING_WRITE_DOCS=1 cargo test --quiet --test docs up_to_date

bench:
	@scripts/steps.sh setup_tools setup_servers setup_browser page host bench

soak:
	@WAXWING_SECONDS="$(or $(SECONDS),$(if $(STEPS),,600))" WAXWING_STEPS="$(STEPS)" scripts/steps.sh soak

clean:
	rm -rf target dist dist-npm .run
