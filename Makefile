# broach - targets: all check check-asan check-valgrind check-layers lint coverage demo bench install clean (see CONTRIBUTING.md)
VERSION := $(shell cat VERSION)
BUILD   ?= build
PREFIX  ?= /usr/local
CC      ?= gcc
CXX     ?= g++
OPT     ?= -O2
SAN     ?=

WARN     = -Wall -Wextra -Wshadow -Wconversion -Wformat=2 -Werror
CPPFLAGS = -I. -I$(BUILD) -D_POSIX_C_SOURCE=200809L -D_XOPEN_SOURCE=700 -DBROACH_VERSION='"$(VERSION)"'
CFLAGS   = -std=c11 -ffp-contract=off $(OPT) -g $(WARN) -Wstrict-prototypes -Wmissing-prototypes -fno-common -pthread $(SAN)
CXXFLAGS = -std=c++17 $(OPT) -g $(WARN) -pthread $(SAN)
LDFLAGS  = -pthread $(SAN)
LDLIBS   = -lsqlite3 -lz -lisal -larchive -lcsv -linih -lutf8proc -lsimdjson -lxlsxwriter -lm -lstdc++ $(GMIME_LIBS)
# of ingest/mail.c alone; as system headers, whose warnings are not ours
GMIME_CFLAGS := $(patsubst -I%,-isystem %,$(shell pkg-config --cflags gmime-3.0))
GMIME_LIBS   := $(shell pkg-config --libs gmime-3.0)

DIRS    = core store ingest ingest/formats analyze report train cli
SRC     = $(wildcard $(DIRS:%=%/*.c)) core/json.cpp
LIBSRC  = $(filter-out cli/main.c,$(SRC))
OBJ     = $(patsubst %,$(BUILD)/obj/%.o,$(basename $(SRC)))
LIBOBJ  = $(patsubst %,$(BUILD)/obj/%.o,$(basename $(LIBSRC)))
LIB     = $(BUILD)/libbroach.a
GEN     = $(addprefix $(BUILD)/gen/,queries.inc pending.inc migrations.inc assets.inc rules.inc)
UNIT    = $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(wildcard tests/unit/test_*.c))
SUPPORT = $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard tests/support/*.c))

all: $(BUILD)/broach $(BUILD)/broach-formats.5

$(BUILD)/broach: $(BUILD)/obj/cli/main.o $(LIB)
	$(CXX) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# The page has a line a format; they come from the table.
$(BUILD)/broach-formats.5: man/broach-formats.5.in $(BUILD)/broach
	$(BUILD)/broach formats | sed -n '2,$$s/^\([^ ]*\)  *\(JSON keys\|its text\)  *\(.*\)/.It Cm \1\n\3 (told by \2)./p' > $@.list
	sed -e '/^@FORMATS@$$/r $@.list' -e '/^@FORMATS@$$/d' man/broach-formats.5.in > $@.tmp && mv $@.tmp $@

$(LIB): $(LIBOBJ)
	@rm -f $@
	$(AR) rcs $@ $^

# ---- generated: files of schemas/, rules/ and report/assets/ as C rows -----------------------------------------------
$(BUILD)/gen/queries.inc: $(sort $(wildcard schemas/queries/*.sql schemas/reports/*.sql)) schemas/embed.sh
	@mkdir -p $(@D)
	schemas/embed.sh SQL_ROW query $(filter schemas/queries/%.sql,$^) > $@.tmp
	schemas/embed.sh SQL_ROW report $(filter schemas/reports/%.sql,$^) >> $@.tmp
	mv $@.tmp $@
$(BUILD)/gen/pending.inc: $(sort $(wildcard schemas/pending/*.sql)) schemas/embed.sh
	@mkdir -p $(@D)
	schemas/embed.sh PENDING_ROW pending $(filter %.sql,$^) > $@.tmp && mv $@.tmp $@
$(BUILD)/gen/migrations.inc: $(sort $(wildcard schemas/migrations/*.sql)) schemas/embed.sh
	@mkdir -p $(@D)
	schemas/embed.sh MIGRATION_ROW migration $(filter %.sql,$^) > $@.tmp && mv $@.tmp $@
$(BUILD)/gen/assets.inc: $(sort $(wildcard report/assets/*.*)) schemas/embed.sh
	@mkdir -p $(@D)
	schemas/embed.sh ASSET_ROW asset $(filter report/%,$^) > $@.tmp && mv $@.tmp $@
$(BUILD)/gen/rules.inc: $(sort $(wildcard rules/en/*.cues rules/en/*.txt)) schemas/embed.sh
	@mkdir -p $(@D)
	schemas/embed.sh RULES_ROW - $(filter rules/%,$^) > $@.tmp && mv $@.tmp $@
$(BUILD)/obj/analyze/sense_file.o: rules/en/sense.bin
# Tagging is what takes longest. Each sum has its own order of addition, so the results stay the same.
$(BUILD)/obj/analyze/%.o: CFLAGS += $(patsubst -O2,-O3,$(filter -O2,$(OPT)))

$(BUILD)/obj/%.o: %.c | $(GEN)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<
$(BUILD)/obj/%.o: %.cpp | $(GEN)
	@mkdir -p $(@D)
	$(CXX) $(CPPFLAGS) $(CXXFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/obj/ingest/mail.o: CPPFLAGS += $(GMIME_CFLAGS)

# ---- tests -----------------------------------------------------------------------------------------------------------
# Unit tests can make the Nth request for memory fail: see tests/support/failing_alloc.h.
WRAP = -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc
$(BUILD)/tests/%: $(BUILD)/obj/tests/unit/%.o $(SUPPORT) $(LIB)
	@mkdir -p $(@D)
	$(CXX) $(LDFLAGS) $(WRAP) -o $@ $^ $(LDLIBS) -lcmocka

$(BUILD)/tests/dump_store: $(BUILD)/obj/tests/tools/dump_store.o $(LIB)
	@mkdir -p $(@D)
	$(CXX) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(BUILD)/tests/fuzz_replay: $(BUILD)/obj/tests/fuzz/replay.o $(BUILD)/obj/tests/fuzz/fuzz_format.o $(LIB)
	@mkdir -p $(@D)
	$(CXX) $(LDFLAGS) -o $@ $^ $(LDLIBS)

check: all $(BUILD)/tests/fuzz_replay $(UNIT) $(BUILD)/bench/make_corpus $(BUILD)/tests/dump_store check-headers check-layers
	tests/run.sh $(BUILD)

check-asan:
	$(MAKE) BUILD=$(BUILD)/asan OPT=-O1 SAN='-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer' check

check-valgrind: all $(UNIT) $(BUILD)/bench/make_corpus $(BUILD)/tests/dump_store
	BROACH_VALGRIND=1 tests/run.sh $(BUILD)

# make fuzz [FORMAT=vtt] [FUZZ_SECONDS=600]: every format, or one, with libFuzzer, ASan and UBSan; findings in BUILD/fuzz
FORMAT       = all
FUZZ_SECONDS = 600
$(BUILD)/fuzz/fuzz_format: $(BUILD)/obj/tests/fuzz/fuzz_format.o $(LIB)
	@mkdir -p $(@D)
	$(CXX) $(LDFLAGS) -fsanitize=fuzzer -o $@ $^ $(LDLIBS)
fuzz:
	$(MAKE) BUILD=$(BUILD)/fuzzing CC=clang CXX=clang++ OPT=-O1 WARN='-Wall -Wextra' \
	    SAN='-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all' $(BUILD)/fuzzing/fuzz/fuzz_format
	tests/fuzz/run.sh $(BUILD)/fuzzing '$(FORMAT)' $(FUZZ_SECONDS)

check-layers:
	tests/check_layers.sh

check-headers: $(GEN)
	@for h in $(wildcard $(DIRS:%=%/*.h)); do \
	    $(CC) $(CPPFLAGS) -std=c11 $(WARN) -fsyntax-only -include $$h -x c /dev/null || exit 1; done

lint: $(GEN)
	clang-format --dry-run --Werror $(wildcard $(DIRS:%=%/*.[ch]) tests/unit/*.c tests/support/*.[ch] bench/*.c) core/json.cpp
	cppcheck --quiet --error-exitcode=1 --std=c11 --enable=warning,performance,portability --inline-suppr \
	    --suppress=missingIncludeSystem -I. -I$(BUILD) $(filter-out ingest/formats,$(DIRS)) bench
	printf '%s\n' $(wildcard $(DIRS:%=%/*.c) bench/*.c) | xargs -P 2 -n 4 sh -c \
	    'clang-tidy --quiet "$$@" -- -std=c11 -I. -I$(BUILD) -D_POSIX_C_SOURCE=200809L -D_XOPEN_SOURCE=700 -DBROACH_VERSION="\"0\"" $(GMIME_CFLAGS) 2>$(BUILD)/tidy.err' sh

COVERAGE_FLOOR = 90
coverage:
	$(MAKE) BUILD=$(BUILD)/cov OPT=-O0 SAN=--coverage check
	gcovr --root . --object-directory $(BUILD)/cov --exclude tests/ --exclude bench/ --fail-under-line $(COVERAGE_FLOOR)

# ---- use ---------------------------------------------------------------------------------------------------------------
demo: $(BUILD)/broach
	examples/demo.sh $(BUILD)

# What train/sense/sense.py reads labelled conversations with.
$(BUILD)/train/rows: $(BUILD)/obj/train/sense/rows.o $(LIB)
	@mkdir -p $(@D)
	$(CXX) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(BUILD)/bench/tagging: $(BUILD)/obj/bench/tagging.o $(LIB)
	@mkdir -p $(@D)
	$(CXX) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(BUILD)/bench/%: $(BUILD)/obj/bench/%.o
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $<

bench: $(BUILD)/broach $(BUILD)/bench/make_corpus $(BUILD)/bench/tagging
	bench/run.sh $(BUILD)
	bench/tagging.sh $(BUILD)

install: $(BUILD)/broach $(BUILD)/broach-formats.5
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/share/man/man5 \
	    $(DESTDIR)$(PREFIX)/share/bash-completion/completions
	install -m 755 $(BUILD)/broach $(DESTDIR)$(PREFIX)/bin/broach
	install -m 644 man/*.1 $(DESTDIR)$(PREFIX)/share/man/man1/
	install -m 644 $(BUILD)/broach-formats.5 $(wildcard man/*.5) $(DESTDIR)$(PREFIX)/share/man/man5/
	$(BUILD)/broach help completion > $(DESTDIR)$(PREFIX)/share/bash-completion/completions/broach

clean:
	rm -rf $(BUILD)

.PHONY: all check fuzz check-asan check-valgrind check-layers check-headers lint coverage demo bench install clean
.SECONDARY:
-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)
