# Compiles a program for an emulated board, with nothing but lic2: no C library, no operating system.
#     make BOARD=m4|m0|rv32 LIC2_DIR=/where/lic2-VERSION-TARGET ANCHOR=/where/anchor.h/stands OUT=/where/objects/go
# `lic2-signer pubkey --format c` writes anchor.h. The program's Makefile sets PROGRAM, SOURCES and where this folder is,
# BOARD_DIR; and BOARD_SOURCES for what it takes from here besides.
OUT ?= build-$(BOARD)

CPU_m4 = -mcpu=cortex-m4 -mthumb
CPU_m0 = -mcpu=cortex-m0plus -mthumb
CPU_rv32 = -march=rv32imac -mabi=ilp32 -mcmodel=medany
CROSS_m4 = arm-none-eabi-
CROSS_m0 = arm-none-eabi-
CROSS_rv32 = riscv64-unknown-elf-
ARCH_m4 = arm
ARCH_m0 = arm
ARCH_rv32 = riscv

ARCH = $(ARCH_$(BOARD))
CROSS = $(CROSS_$(BOARD))
ALL_SOURCES = $(SOURCES) $(addprefix $(BOARD_DIR)/,$(ARCH).c production.c serial.c memory.c print.c semihosting.c \
    $(BOARD_SOURCES))
OBJECTS = $(patsubst %.c,$(OUT)/%.o,$(notdir $(ALL_SOURCES)))
VPATH = $(sort $(dir $(ALL_SOURCES)))

CFLAGS ?= -Os -Wall -Wextra
FLAGS = -std=c99 $(CPU_$(BOARD)) -ffreestanding -ffunction-sections -fdata-sections -fno-tree-loop-distribute-patterns \
    -I$(LIC2_DIR)/include -I$(BOARD_DIR) -I$(BOARD_DIR)/include -iquote $(ANCHOR) $(DEFINES)

$(OUT)/$(PROGRAM).elf: $(OBJECTS) $(LIC2_DIR)/lib/liblic2.a $(BOARD_DIR)/$(ARCH).ld $(BOARD_DIR)/sections.ld
	$(CROSS)gcc $(CPU_$(BOARD)) -nostdlib -Wl,--gc-sections,--fatal-warnings,-Map=$(OUT)/$(PROGRAM).map \
	    -L$(BOARD_DIR) -T$(BOARD_DIR)/$(ARCH).ld -o $@ $(OBJECTS) -L$(LIC2_DIR)/lib -llic2 -lgcc

$(OUT)/%.o: %.c $(wildcard *.h $(BOARD_DIR)/*.h) | $(OUT)
	$(CROSS)gcc $(FLAGS) $(CFLAGS) -c -o $@ $<

$(OUT):
	mkdir -p $@

clean:
	rm -rf $(OUT)

.PHONY: clean
