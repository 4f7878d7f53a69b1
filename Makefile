# libcmsx400 and cmsx400: build, test, install. GNU make; `make help` tells.
#
# What a builder may set: BUILD CC CFLAGS LDFLAGS WERROR=1 V=1 PREFIX LIBDIR
# DESTDIR, and TESTS to run only some of the tests. `make deps` must work
# before any tool is installed, so nothing here calls one while the file is
# being read.
#
# SPDX-License-Identifier: ISC

BUILD = build
CFLAGS = -O2 -g
LDFLAGS =
SANITIZE =

PREFIX = /usr/local
LIBDIR = $(PREFIX)/lib
INCDIR = $(PREFIX)/include
BINDIR = $(PREFIX)/bin
MANDIR = $(PREFIX)/share/man
DESTDIR =

# ------------------------------------------------------------------- flags

STANDARD = -std=c11 -D_POSIX_C_SOURCE=200809L -D_FILE_OFFSET_BITS=64
WARN = -Wall -Wextra -Wshadow -Wconversion -Wsign-conversion -Wcast-qual \
	-Wwrite-strings -Wmissing-prototypes -Wvla -Wformat=2 \
	$(if $(WERROR),-Werror)
# The sanitizers replace what fortification wraps: one or the other.
ifeq ($(SANITIZE),)
HARDEN = -fstack-protector-strong -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
else
HARDEN = -U_FORTIFY_SOURCE -fno-omit-frame-pointer \
	-fsanitize=$(SANITIZE) -fno-sanitize-recover=all
endif
LINK_HARDEN = -Wl,-z,relro,-z,now -Wl,--as-needed \
	$(if $(SANITIZE),-fsanitize=$(SANITIZE))

# Every object may end in the shared library or in a host's module: -fPIC.
COMPILE = $(CC) $(STANDARD) $(CPPFLAGS) $(CFLAGS) $(HARDEN) -fPIC \
	-fvisibility=hidden -Ilibcmsx400
LINK = $(CC) $(CFLAGS) $(LINK_HARDEN) $(LDFLAGS)
LIBS = -lcrypto -ltasn1
CLI_LIBS = -ljansson $(LIBS)

# ----------------------------------------------------------------- sources

FLOORS = base encoding x400 cms message
LIB_SRC = $(sort $(foreach f,$(FLOORS),$(wildcard libcmsx400/$(f)/*.c)))
CLI_SRC = $(sort $(wildcard cli/*.c))
ASN_SRC = $(sort $(wildcard asn1/*.asn))
UNIT_SRC = $(sort $(wildcard tests/t_*.c))
EXAMPLE_SRC = $(sort $(wildcard examples/*.c))
PUBLIC = $(addprefix libcmsx400/,cmsx400.h cmsx400_codes.h cmsx400_openssl.h)
MAN = $(sort $(wildcard man/*.[1357]))

OBJ = $(BUILD)/obj
ASN_OBJ = $(OBJ)/asn1/cmsx400_tab.o
LIB_OBJ = $(LIB_SRC:%.c=$(OBJ)/%.o) $(ASN_OBJ)
CLI_OBJ = $(CLI_SRC:%.c=$(OBJ)/%.o)
CLI_PARTS = $(filter-out $(OBJ)/cli/main.o,$(CLI_OBJ))
UNIT_OBJ = $(UNIT_SRC:%.c=$(OBJ)/%.o)
EXAMPLE_OBJ = $(EXAMPLE_SRC:%.c=$(OBJ)/%.o)

LIB_A = $(BUILD)/libcmsx400.a
LIB_SO = $(BUILD)/libcmsx400.so
SONAME = libcmsx400.so.0
CLI_A = $(BUILD)/cli.a
COMMAND = $(BUILD)/cmsx400
UNITS = $(UNIT_SRC:tests/%.c=$(BUILD)/tests/%)
EXAMPLES = $(EXAMPLE_SRC:examples/%.c=$(BUILD)/examples/%)

# Where a test finds what it needs; run.sh gives each a CX4_TMP of its own.
TEST_ENV = CMSX400=$(abspath $(COMMAND)) CX4_BUILD=$(abspath $(BUILD)) \
	CX4_PKI=$(abspath $(BUILD)/pki) CX4_TMP=$(abspath $(BUILD)/tmp) \
	CX4_CC='$(CC)' \
	ASAN_OPTIONS=detect_leaks=1 UBSAN_OPTIONS=print_stacktrace=1
# These look at the sources and at the library as it is released.
STATIC_TESTS = $(if $(SANITIZE),,tests/abi.sh tests/house.sh)
TESTS = $(UNITS) $(sort $(wildcard tests/cli/*.t)) $(STATIC_TESTS)

# V=1 shows commands. A make inside this one uses all processors unless the
# number of jobs was given.
Q = $(if $(V),,@)
SAY = @printf '  %-7s %s\n'
SUBMAKE = $(MAKE) --no-print-directory \
	$(if $(filter -j% --jobs% --jobserver%,$(MAKEFLAGS)),,-j$$(nproc))

.DELETE_ON_ERROR:
.SUFFIXES:
.PHONY: all examples deps demo check check-run check-asan check-big lint \
	install uninstall clean help force

# ----------------------------------------------------------------- targets

all: $(LIB_A) $(LIB_SO) $(COMMAND) ## build the library and the command

examples: $(EXAMPLES) ## build the example programs

deps: ## install the Debian packages that are missing
	@sh tests/deps.sh build check

demo: deps ## show what the command does, on a message made for it
	+@$(SUBMAKE) $(COMMAND)
	@mkdir -p $(BUILD)/tmp
	@$(TEST_ENV) sh examples/demo.sh

# The compiler may be among what deps installs: build in a second make.
check: deps ## build and run all tests (about a minute)
	+@$(SUBMAKE) check-run

check-run: $(UNITS) $(EXAMPLES) $(COMMAND) $(BUILD)/pki/stamp \
    $(if $(SANITIZE),,$(LIB_SO))
	@rm -rf $(BUILD)/tmp && mkdir -p $(BUILD)/tmp
	@$(TEST_ENV) prove -j"$$(nproc)" --exec 'sh tests/run.sh' $(TESTS)

check-asan: deps ## the tests under the address and undefined sanitizers
	+@$(SUBMAKE) BUILD=build-asan SANITIZE=address,undefined \
	    CFLAGS='-O1 -g' check-run

check-big: deps ## several GiB through a fixed memory ceiling (slow)
	+@$(SUBMAKE) $(COMMAND) $(BUILD)/pki/stamp
	@mkdir -p $(BUILD)/tmp
	@$(TEST_ENV) sh tests/big.sh

lint: ## cppcheck, shellcheck and the house rules
	@sh tests/deps.sh build lint
	cppcheck --quiet --error-exitcode=1 --std=c11 --language=c \
	    --enable=warning,performance,portability --inline-suppr \
	    --suppress=missingIncludeSystem -D_POSIX_C_SOURCE=200809L \
	    -DOPENSSL_VERSION_NUMBER=0x30000080L -DCX4_API= -Ilibcmsx400 libcmsx400 cli tests examples
	find . -path './build*' -prune -o -path './.git' -prune -o \
	    \( -name '*.sh' -o -path './tests/cli/*.t' -o -path ./.ci/run \) \
	    -type f -print | sort | xargs shellcheck -x --severity=warning
	prove --exec 'sh' tests/house.sh

clean: ## remove everything that was built
	rm -rf build build-asan $(BUILD)

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-12s%s\n", $$1, $$2 }' \
	    Makefile

# ------------------------------------------------------------- compilation

# Changes with the flags, so that objects never mix two sets of them.
$(BUILD)/flags: force
	@mkdir -p $(@D)
	@printf '%s\n' '$(COMPILE) $(WARN)' | cmp -s - $@ || \
	    printf '%s\n' '$(COMPILE) $(WARN)' >$@

$(OBJ)/%.o: %.c $(BUILD)/flags
	$(SAY) CC $<
	@mkdir -p $(@D)
	$(Q)$(COMPILE) $(WARN) -MMD -MP -c -o $@ $<

# The table is asn1Parser's text, not ours: no warnings.
$(BUILD)/asn1/cmsx400.asn: asn1/join.sh $(ASN_SRC)
	@mkdir -p $(@D)
	$(Q)sh asn1/join.sh $@ $(ASN_SRC)

$(BUILD)/asn1/cmsx400_tab.c: $(BUILD)/asn1/cmsx400.asn
	$(SAY) ASN1 $@
	@command -v asn1Parser >/dev/null || \
	    { echo 'asn1Parser is missing: run make deps' >&2; exit 1; }
	$(Q)asn1Parser -o $@ -n cx4i_asn1_table $< 2>$@.log || \
	    { cat $@.log >&2; exit 1; }

$(ASN_OBJ): $(BUILD)/asn1/cmsx400_tab.c $(BUILD)/flags
	$(SAY) CC $<
	@mkdir -p $(@D)
	$(Q)$(COMPILE) -w -c -o $@ $<

$(LIB_A): $(LIB_OBJ)
	$(SAY) AR $@
	@rm -f $@
	$(Q)$(AR) rcs $@ $(LIB_OBJ)

$(BUILD)/$(SONAME): $(LIB_OBJ) libcmsx400/cmsx400.map
	$(SAY) LINK $@
	$(Q)$(LINK) -shared -Wl,-z,defs -Wl,-soname,$(SONAME) \
	    -Wl,--version-script=libcmsx400/cmsx400.map -o $@ $(LIB_OBJ) $(LIBS)

$(LIB_SO): $(BUILD)/$(SONAME)
	@ln -sf $(SONAME) $@

$(COMMAND): $(CLI_OBJ) $(LIB_A)
	$(SAY) LINK $@
	$(Q)$(LINK) -pie -o $@ $(CLI_OBJ) $(LIB_A) $(CLI_LIBS)

# All of the command but main(), for the unit tests of its parts.
$(CLI_A): $(CLI_PARTS)
	@rm -f $@
	$(Q)$(AR) rcs $@ $(CLI_PARTS)

$(UNITS): $(BUILD)/tests/%: $(OBJ)/tests/%.o $(CLI_A) $(LIB_A)
	$(SAY) LINK $@
	@mkdir -p $(@D)
	$(Q)$(LINK) -pie -o $@ $< $(CLI_A) $(LIB_A) $(CLI_LIBS)

# The allocations of the library come by this test, which makes them fail.
$(BUILD)/tests/t_oom: LINK += \
	-Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=strdup

$(EXAMPLES): $(BUILD)/examples/%: $(OBJ)/examples/%.o $(LIB_A)
	$(SAY) LINK $@
	@mkdir -p $(@D)
	$(Q)$(LINK) -pie -o $@ $< $(LIB_A) $(LIBS)

$(BUILD)/pki/stamp: tests/pki.sh
	$(SAY) PKI $(@D)
	$(Q)sh tests/pki.sh $(@D)

-include $(patsubst %.o,%.d,$(LIB_OBJ) $(CLI_OBJ) $(UNIT_OBJ) $(EXAMPLE_OBJ))

# ------------------------------------------------------------ installation

$(BUILD)/libcmsx400.pc: libcmsx400/cmsx400.pc.in libcmsx400/cmsx400.h force
	@mkdir -p $(@D)
	@version=$$(sed -n 's/^#define CX4_VERSION_STRING "\(.*\)"/\1/p' \
	    libcmsx400/cmsx400.h) && \
	sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@LIBDIR@|$(LIBDIR)|' \
	    -e 's|@INCDIR@|$(INCDIR)|' -e "s|@VERSION@|$$version|" \
	    libcmsx400/cmsx400.pc.in >$@

install: all $(BUILD)/libcmsx400.pc ## install under $(DESTDIR)$(PREFIX)
	install -d $(addprefix $(DESTDIR),$(BINDIR) $(INCDIR) \
	    $(LIBDIR)/pkgconfig)
	install -m 755 $(COMMAND) $(DESTDIR)$(BINDIR)/cmsx400
	install -m 644 $(PUBLIC) $(DESTDIR)$(INCDIR)
	install -m 644 $(LIB_A) $(BUILD)/$(SONAME) $(DESTDIR)$(LIBDIR)
	ln -sf $(SONAME) $(DESTDIR)$(LIBDIR)/libcmsx400.so
	install -m 644 $(BUILD)/libcmsx400.pc $(DESTDIR)$(LIBDIR)/pkgconfig
	for page in $(MAN); do \
		install -D -m 644 -t $(DESTDIR)$(MANDIR)/man$${page##*.} \
		    $$page || exit 1; \
	done

uninstall: ## remove what install put there
	rm -f $(DESTDIR)$(BINDIR)/cmsx400
	rm -f $(addprefix $(DESTDIR)$(INCDIR)/,$(notdir $(PUBLIC)))
	rm -f $(addprefix $(DESTDIR)$(LIBDIR)/,libcmsx400.a libcmsx400.so \
	    $(SONAME) pkgconfig/libcmsx400.pc)
	for page in $(notdir $(MAN)); do \
		rm -f $(DESTDIR)$(MANDIR)/man$${page##*.}/$$page; \
	done
