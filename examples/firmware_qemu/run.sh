#!/usr/bin/env bash
# The story of a data logger and its license, on emulated boards, with the seller's real tool. Prints what the device
# prints, compares every line with the expected one, and stops at the first difference. It runs as a test, too.
#
#     examples/firmware_qemu/run.sh [m4] [m0] [rv32]
set -euo pipefail
source=$(cd "$(dirname "$0")" && pwd)
. "$source/board/board.sh"

first=20521B3A003600414E3C1502
second=20521B3A003600414E3C1503

# device NAME SERIAL PROGRAM: a new device with its serial number, its program and blank flash.
device() {
    mkdir -p "$work/$1"
    board_personalize "$3" "$2"
    mv "$work/device.elf" "$work/$1/device.elf"
}

# power NAME < SCRIPT: gives a device power. Lines that begin with "> " are typed, "> @FILE" pastes a file. The other
# lines are how the device's lines have to begin, one for each.
power() {
    local folder=$work/$1 line typed=() expected=() number
    while IFS= read -r line; do
        case $line in
            '> @'*)
                typed+=("$(cat "$work/${line#> @}")")
                expected+=('> (a document)')
                ;;
            '> '*)
                typed+=("${line#> }")
                expected+=("$line")
                ;;
            *) expected+=("$line") ;;
        esac
    done
    (cd "$folder" && printf '%s\n' "${typed[@]}" | timeout 120 "${emulator[@]}" -kernel device.elf) > "$folder/said" 2>&1 ||
        { echo "the device ended with $?:"; cat "$folder/said"; exit 1; }
    mapfile -t said < "$folder/said"
    for number in "${!said[@]}"; do
        echo "    ${said[number]:0:110}"
        if [[ "${said[number]}" != "${expected[number]:-(nothing)}"* ]]; then
            echo "expected: ${expected[number]:-nothing more}"
            exit 1
        fi
    done
    if [ ${#said[@]} -ne ${#expected[@]} ]; then
        echo "expected: ${expected[${#said[@]}]}"
        exit 1
    fi
}

issue() {
    signer issue --key "$work/anchor.key" --anchor "$work/anchor.pub" --id DL-1 "$@"
}

ask_and_try() {
    echo "--- $board: the device asks for a license; its customer carries the text to the seller."
    power first <<END
data-logger 1.0 with lic2 0.1.0, serial number $first
refused: 412 no license is activated on this device
> channels 1
refused: 412
> request
LIC2R.
> off
off
END
    grep '^LIC2R\.' "$work/first/said" > "$work/request.txt"
    issue --request "$work/request.txt" --class trial --powered-hours 4 --feature channels=limit:2 \
        --feature samples=quota:1000 > "$work/trial.txt"

    echo "--- $board: a trial of four powered-on hours and two channels. The reset button costs what was stored ahead: an"
    echo "--- hour and some samples. Switching off costs nothing."
    power first <<END
data-logger 1.0
refused: 412
> @trial.txt
applied: the license is activated on this device
granted: DL-1, trial, serial 1, ends after 4 powered-on hours
> channels 4
2 channels open of 2 licensed
> sample 10
recorded: 20 of 1000 samples used
> pass 3600
> reset
data-logger 1.0
granted: DL-1, trial, serial 1
> channels 1
1 channels open of 2 licensed
> sample 10
recorded: 130 of 1000 samples used
> sample 1000
refused: 424 not enough of the quota is left
> off
off
END
    echo "--- $board: the trial ends while the device runs."
    power first <<END
data-logger 1.0
granted: DL-1, trial, serial 1
> channels 2
2 channels open of 2 licensed
> pass 3600
> pass 3600
refused: 407 the license has expired
> sample 1
refused: 407
> channels 1
refused: 407
> off
off
END
}

buy_in_a_storm() {
    issue --request "$work/request.txt" --serial 2 --perpetual --feature channels=limit:8 \
        --feature samples=quota:5000 > "$work/bought.txt"
    echo "--- $board: the customer buys. The power fails while the flash is erased, and while it is written."
    power first <<END
data-logger 1.0
refused: 407
> cut 1 1
> @bought.txt
the power fails
data-logger 1.0
refused: 407
> cut 20 2
> @bought.txt
the power fails
data-logger 1.0
refused: 407
> @bought.txt
applied: a later issue replaces the license
granted: DL-1, serial 2
> channels 8
8 channels open of 8 licensed
> sample 1
recorded: 138 of 5000 samples used
> @trial.txt
refused: 413 a later issue of this license is already activated
> off
off
END
    echo "--- $board: nothing of it works on another device."
    power second <<END
data-logger 1.0 with lic2 0.1.0, serial number $second
refused: 412
> @bought.txt
refused: 405 the code is for another device
> off
off
END
}

without_a_clock() {
    issue --request "$work/request.txt" --serial 2 --until 1y > "$work/year.txt"
    issue --request "$work/request.txt" --serial 3 --perpetual --feature channels=limit:8 > "$work/for-good.txt"
    echo "--- $board: a device that counts no time takes licenses without an end, and no others."
    power timeless <<END
data-logger 1.0
refused: 412
> @trial.txt
applied: the license is activated on this device
refused: 504
> @year.txt
applied: a later issue replaces the license
refused: 501
> @for-good.txt
applied: a later issue replaces the license
granted: DL-1, serial 3
> channels 8
8 channels open of 8 licensed
> reset
data-logger 1.0
granted: DL-1, serial 3
> off
off
END
}

for name in "${@:-m4 m0 rv32}"; do
    for each in $name; do
        board_select "$each"
        work=$out/qemu-$board
        rm -rf "$work"
        mkdir -p "$work"
        board_library
        seller_tools
        seller_keys
        board_build "$source" firmware_qemu
        device first "$first" firmware_qemu
        device second "$second" firmware_qemu
        rm -r "$work/objects"
        board_build "$source" firmware_qemu DEFINES=-DNO_CLOCK
        device timeless "$first" firmware_qemu
        ask_and_try
        buy_in_a_storm
        without_a_clock
    done
done
echo "--- done"
