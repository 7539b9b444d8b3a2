# Shared by the scripts of both firmware examples; sourced, not run. They need a checkout of lic2 with its Rust
# toolchain, GNU's cross compiler and QEMU; tests/firmware/toolchain names Debian's packages.
#   LIC2_DIST    the folder of packaged archives, lic2-VERSION-TARGET; without it they are built here
#   OUT          where everything goes: target/firmware/examples

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
out=$(mkdir -p "${OUT:-$root/target/firmware/examples}" && cd "${OUT:-$root/target/firmware/examples}" && pwd)
# As the emulated production line and the customer see them, files have rights that the signer accepts.
umask 077

# board_select m4|m0|rv32: the target, the tools and the emulator of a board.
board_select() {
    board=$1
    case $1 in
        m4) target=thumbv7em-none-eabi cross=arm-none-eabi- emulator=(qemu-system-arm -M mps2-an386) ;;
        m0) target=thumbv6m-none-eabi cross=arm-none-eabi- emulator=(qemu-system-arm -M mps2-an385) ;;
        rv32)
            target=riscv32imac-unknown-none-elf cross=riscv64-unknown-elf-
            emulator=(qemu-system-riscv32 -M virt -bios none)
            ;;
        *) echo "no board $1; there are: m4 m0 rv32" >&2; exit 1 ;;
    esac
    emulator+=(-display none -monitor none -serial none -semihosting-config enable=on,target=native)
}

# Sets LIC2_DIR to the archive for the board, and builds it if need be.
board_library() {
    if [ -n "${LIC2_DIST:-}" ]; then
        LIC2_DIR=$(echo "$LIC2_DIST"/lic2-*-"$target")
    else
        LIC2_DIR=$(cd "$root" && DIST=$out/dist CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-target/firmware} \
            bindings/c/package --target "$target")
    fi
    export LIC2_DIR
}

# Puts lic2-signer on the path.
seller_tools() {
    if ! command -v lic2-signer > /dev/null; then
        (cd "$root" && cargo build --quiet --release --package lic2-signer)
        PATH=${CARGO_TARGET_DIR:-$root/target}/release:$PATH
    fi
}

# signer ARGUMENT...: the seller's tool; its messages are shown only if it fails.
signer() {
    lic2-signer "$@" --passphrase-file "$work/passphrase" 2> "$work/signer.log" || { cat "$work/signer.log" >&2; exit 1; }
}

# The keys of the vendor, new for each run: anchor.key in the folder $work, and $work/anchor.h for the firmware.
seller_keys() {
    echo "only for this example" > "$work/passphrase"
    signer keygen "$work/anchor.key" > /dev/null
    lic2-signer pubkey --format c "$work/anchor.pub" > "$work/anchor.h"
}

# board_build FOLDER PROGRAM [MAKE-VARIABLE]...: compiles a program into $work/PROGRAM.elf, with the vendor's anchor.
board_build() {
    local folder=$1 program=$2
    shift 2
    make -s -C "$folder" BOARD="$board" LIC2_DIR="$LIC2_DIR" OUT="$work/objects" ANCHOR="$work" \
        CFLAGS="-Os -Wall -Wextra -Werror" "$@"
    cp "$work/objects/$program.elf" "$work/"
}

# board_personalize PROGRAM SERIAL [CODE-FILE]: the production line: a program for one device, with the
# 24 digits of its serial number in the fuses, and possibly a code.
board_personalize() {
    local program=$work/$1.elf
    printf "$(sed 's/\(..\)\(..\)\(..\)\(..\)/\\x\4\\x\3\\x\2\\x\1/g' <<< "$2")" > "$work/fuses"
    "${cross}objcopy" --update-section .fuses="$work/fuses" "$program" "$work/device.elf"
    if [ $# -gt 2 ]; then
        # Padded as unwritten flash is.
        { tr -d '\n' < "$3" && head -c 1024 /dev/zero | tr '\0' '\377'; } | head -c 1024 > "$work/code"
        "${cross}objcopy" --update-section .code="$work/code" "$work/device.elf"
    fi
}
