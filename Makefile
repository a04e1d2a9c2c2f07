# Kentongan: `make run` starts everything on this machine, `make test` runs everything that must pass.

SHELL := /bin/sh
.DEFAULT_GOAL := help
PORT ?= 8112
DATA ?= .data
LIMIT ?= 200
# Without it a file is imported as the past that it is.
SPEED ?=
MAPPING ?=
# With CHECK=1 a file is read and told about, and nothing is written.
CHECK ?=
export PORT DATA FORCE

BIN := .venv/bin
# The shell's own USER is not meant: make token USER=bupati
ACCOUNT := $(if $(filter command line,$(origin USER)),$(USER),operator)

.PHONY: help setup run lint check test bench token replay verify reset package deploy doctor rollback destroy account backup restore restore-drill

help:
	@echo "make run                    start desk, database, sign-in and phone simulator (PORT=$(PORT) DATA=$(DATA))"
	@echo "make test                   run everything that must pass"
	@echo "make check                  lint, types, imports, fast tests"
	@echo "make bench                  measure, and keep the figures in .bench/latest.json"
	@echo "make token USER=operator    print a sign-in token of a demo account of the running stack"
	@echo "make replay FILE=calls.csv  import past incidents (MAPPING=mapping.yaml, CHECK=1 only reads), or with SPEED=120 play them live (LIMIT=$(LIMIT))"
	@echo "make package                write to build/ all that would be deployed to AWS"
	@echo "make deploy STAGE=trial     put it on AWS, showing first what changes (docs/deploying.md)"
	@echo "make doctor STAGE=trial     say what of the account or the stage would keep pages from arriving, changing nothing"
	@echo "make rollback STAGE=trial   let the release before run again; the data stay as they are"
	@echo "make account STAGE=trial    make a sign-in there: LOGIN=siti PERSON='Siti R.' ROLE=operator EMAIL=siti@example.id"
	@echo "make destroy STAGE=trial    take the application away and keep the data"
	@echo "make verify                 walk the audit trail of every incident of the running stack, against its seals"
	@echo "make backup                 write all that DATA holds into one file, running or not (TO=/media/usb)"
	@echo "make restore FILE=...       put that file into DATA; what stood there is moved aside, nothing is deleted"
	@echo "make restore STAGE=trial    restore its tables on AWS beside the live ones (AT=2026-11-26T15:00:00Z), and say how to use them"
	@echo "make restore-drill STAGE=trial  the same as a drill: restore, verify, compare, time it, remove what was restored"
	@echo "make reset                  delete the data in $(DATA) (FORCE=1 does not ask)"

setup:
	@sh infra/local/setup.sh

run: setup
	@exec $(BIN)/python -m infra.local --with-parent

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check: lint
	$(BIN)/python -m pytest -q -n 2 tests/unit

test: lint
	@sh tests/browser/install.sh
	$(BIN)/python -m pytest -q -rs -n 2 --dist loadscope --durations=0 --durations-min=10

bench: setup
	@$(BIN)/python -m tests.bench

token:
	@test -x $(BIN)/python || { echo "Nothing is installed yet. Start the stack: make run" >&2; exit 1; }
	@$(BIN)/python -m infra.local.token "$(ACCOUNT)"

replay: setup
	@test -n "$(FILE)" || { echo "Which file? make replay FILE=calls.csv.gz, with SPEED=120 to play it live" >&2; exit 1; }
ifeq ($(SPEED),)
	@$(BIN)/python -m infra.history "$(FILE)" $(if $(MAPPING),--mapping "$(MAPPING)") $(if $(CHECK),--check)
else
	@$(BIN)/python -m infra.replay "$(FILE)" --limit "$(LIMIT)" --speed "$(SPEED)"
endif

package: setup
	@$(BIN)/python -m infra.package

verify: setup
	@STAGE=local $(BIN)/python -m infra.verify --embedded

backup: setup
	@TO="$(TO)" $(BIN)/python -m infra.local.backup

restore: setup
	@test -n "$(FILE)$(STAGE)" || { echo "From where? make restore FILE=.backups/kentongan-20261126T150000Z.tar.gz, or on AWS make restore STAGE=trial" >&2; exit 1; }
ifneq ($(FILE),)
	@FILE="$(FILE)" $(BIN)/python -m infra.local.restore
else
	@$(BIN)/python -m infra.deploy restore
endif

restore-drill: setup
	@$(BIN)/python -m infra.deploy restore-drill

reset:
	@test -x $(BIN)/python || { echo "Nothing is installed yet, so there is nothing to delete." >&2; exit 1; }
	@$(BIN)/python -m infra.local.reset

deploy: package
	@$(BIN)/python -m infra.deploy deploy

doctor: setup
	@$(BIN)/python -m infra.deploy doctor

rollback: setup
	@$(BIN)/python -m infra.deploy rollback

account: setup
	@test -n "$(LOGIN)" || { echo "Whose? make account STAGE=trial LOGIN=siti PERSON='Siti R.' ROLE=operator EMAIL=siti@example.id" >&2; exit 1; }
	@$(BIN)/python -m infra.deploy account

# DATA has another meaning and a default above.
destroy: setup
	@DATA="$(if $(filter command line,$(origin DATA)),$(DATA))" $(BIN)/python -m infra.deploy destroy
