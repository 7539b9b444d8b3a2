#!/usr/bin/env bash
# Builds the least firmware for emulated boards and starts it with good and bad codes. Prints every start with its
# result, and stops at the first that is not the one expected. It runs as a test, too.
#
#     examples/firmware_verify/run.sh [m4] [m0] [rv32]
#
# Leaves the program for each board in target/firmware/examples/verify-BOARD: firmware_verify.elf as it is compiled, and
# with its serial number and a code: good.elf, forged.elf, other.elf (for another device), expired.elf.
set -euo pipefail
source=$(cd "$(dirname "$0")" && pwd)
. "$source/../firmware_qemu/board/board.sh"

esn=20521B3A003600414E3C1502
other_esn=20521B3A003600414E3C1503

# start NAME CODE-FILE EXIT-CODE WORDS: a device with this code; what it says and how it ends.
start() {
    local status=0
    board_personalize firmware_verify "$esn" "$2"
    mv "$work/device.elf" "$work/$1.elf"
    timeout 60 "${emulator[@]}" -kernel "$work/$1.elf" > "$work/said" 2>&1 || status=$?
    echo "$board, $1: $(cat "$work/said")"
    if [ "$status" -ne "$3" ] || ! grep -q "$4" "$work/said"; then
        echo "expected exit code $3 and \"$4\", got $status"
        exit 1
    fi
}

issue() {
    signer issue --key "$work/anchor.key" --anchor "$work/anchor.pub" --id DL-1 --product data-logger "$@"
}

for name in "${@:-m4 m0 rv32}"; do
    for each in $name; do
        board_select "$each"
        work=$out/verify-$board
        rm -rf "$work"
        mkdir -p "$work"
        board_library
        seller_tools
        seller_keys
        board_build "$source" firmware_verify
        issue --until 1y --device "esn:$esn" > "$work/good.txt"
        issue --until 1y --device "esn:$other_esn" > "$work/other.txt"
        issue --at 2026-01-02 --until 2026-02-01 --device "esn:$esn" > "$work/expired.txt"
        # Signed by somebody else's key.
        mv "$work/anchor.key" "$work/vendor.key"
        mv "$work/anchor.pub" "$work/vendor.pub"
        seller_keys
        issue --until 1y --device "esn:$esn" > "$work/forged.txt"
        start good "$work/good.txt" 0 '^granted'
        start other "$work/other.txt" 3 '^refused: 405'
        start expired "$work/expired.txt" 3 '^refused: 407'
        start forged "$work/forged.txt" 3 '^refused: 301'
    done
done
echo "--- done"
