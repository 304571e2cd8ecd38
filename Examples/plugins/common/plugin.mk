# Builds one of Heron's plugins in C out of tree, with what a distribution of Heron brings. The Makefile that includes it
# sets NAME, the plugin's name, MESSAGES, those of Heron's .proto files that it reads, and TEXTS, files that become a string
# in C: `#include "<file>.inc"`.
#
#   make HERON_HOME=/opt/heron            build/<name>/{libheron-<name>.so,plugin.yaml}
#   make HERON_HOME=/opt/heron install    into ~/.heron/plugins/<name>, or $(PLUGINS)/<name>
#   make HERON_HOME=/opt/heron check      heron plugin check
#
# Needs a C compiler and, from Debian, protobuf-c-compiler and libprotobuf-c-dev.
HERON_HOME ?= $(error HERON_HOME is not set: the folder of a distribution of Heron)
PLUGINS ?= $(HOME)/.heron/plugins
BUILD ?= build
CFLAGS ?= -O2 -g

PROTO := $(HERON_HOME)/include/heron/proto
SOURCES := $(wildcard *.c ../common/*.c)
HEADERS := $(wildcard *.h ../common/*.h)
GENERATED := $(MESSAGES:%=$(BUILD)/messages/%.pb-c.c)
INCLUDED := $(TEXTS:%=$(BUILD)/messages/%.inc)
OUTPUT := $(BUILD)/$(NAME)

all: $(OUTPUT)/libheron-$(NAME).so $(OUTPUT)/plugin.yaml

$(OUTPUT)/libheron-$(NAME).so: $(SOURCES) $(HEADERS) $(GENERATED) $(INCLUDED)
	@mkdir -p $(OUTPUT)
	$(CC) -std=c11 -Wall -Wextra -Werror $(CFLAGS) -shared -fPIC -fvisibility=hidden \
	    -I$(HERON_HOME)/include -isystem $(BUILD)/messages -o $@ $(SOURCES) $(GENERATED) \
	    -Wl,--no-undefined,--version-script=$(HERON_HOME)/share/heron/plugin.map -l:libprotobuf-c.a

$(GENERATED) &: $(MESSAGES:%=$(PROTO)/%.proto)
	@mkdir -p $(BUILD)/messages
	protoc-c --proto_path=$(PROTO) --c_out=$(BUILD)/messages $^

$(INCLUDED): $(BUILD)/messages/%.inc: %
	@mkdir -p $(BUILD)/messages
	sed -e 's/[\\"]/\\&/g' -e 's/.*/"&\\n"/' $< >$@

$(OUTPUT)/plugin.yaml: plugin.yaml
	@mkdir -p $(OUTPUT)
	cp $< $@

install: all
	install -d -m 0755 $(PLUGINS)/$(NAME)
	install -m 0755 $(OUTPUT)/libheron-$(NAME).so $(PLUGINS)/$(NAME)/
	install -m 0644 $(OUTPUT)/plugin.yaml $(PLUGINS)/$(NAME)/

check: all
	$(HERON_HOME)/bin/heron plugin check $(OUTPUT)

clean:
	rm -rf $(BUILD)

.PHONY: all install check clean
