#!/bin/sh
# The life of a license on two devices that are never online. Prints every step with its result, and stops at the first
# unexpected result. It also runs as a test.
#
#     LIC2_DIR=/where/lic2-0.1.0-TARGET sh run.sh
#
# Needs a C compiler, make, and lic2-signer on the PATH; leaves its files in the directory in which it is started.
set -eu
source=$(cd "$(dirname "$0")" && pwd)
umask 077

# Runs a command and checks its exit code and words of its output, which stays in the file said.
step() {
    code=$1
    words=$2
    shift 2
    echo "\$ $*"
    status=0
    "$@" > said 2> problem || status=$?
    cut -c 1-120 said
    if [ "$status" -ne "$code" ] || ! grep -q -e "$words" said; then
        echo "expected exit code $code and \"$words\", got $status"
        cat problem
        exit 1
    fi
}

# The two devices.
first() { "./appliance/appliance_c" first 2102312ABC0123456789 "$@"; }
second() { "./appliance/appliance_c" second 2102312ABC0123456790 "$@"; }

# The seller's desk.
issue() {
    lic2-signer issue --key anchor.key --passphrase-file passphrase.txt --anchor anchor.pub "$@"
}

echo "--- The vendor creates a key and compiles its public half into the appliance."
echo "a passphrase of your own, please" > passphrase.txt
lic2-signer keygen anchor.key --passphrase-file passphrase.txt > problem 2>&1
cp -R "$source" appliance
lic2-signer pubkey --format c anchor.pub > appliance/anchor.h
make -s -C appliance LIC2_DIR="$LIC2_DIR"
mkdir first second

echo "--- The device asks for a license; the seller answers; the customer carries both."
step 3 NOT_ACTIVATED first check
step 0 '^LIC2R\.' first request
cp said request.txt
step 0 'vision-appliance' lic2-signer request show request.txt
step 0 '^LIC2C\.' issue --request request.txt --id PL-1 --until 1y --feature channels=limit:4 --feature scans=quota:100
cp said code-1.txt
step 3 DEVICE_MISMATCH second apply code-1.txt
step 0 ACTIVATED first apply code-1.txt
step 0 ALREADY_APPLIED first apply code-1.txt

echo "--- It runs, and uses its quota."
step 0 'granted: PL-1 serial 1' first check
step 0 'channels, value 4' first feature channels
step 3 FEATURE_UNKNOWN first feature export
step 0 '30 of 100 used' first use scans 30
step 3 QUOTA_EXHAUSTED first use scans 71

echo "--- A renewal carries the new total; earlier use still counts."
step 0 '^LIC2C\.' issue --request request.txt --id PL-1 --serial 2 --until 2y --feature channels=limit:8 \
    --feature scans=quota:200
cp said code-2.txt
step 0 RENEWED first apply code-2.txt
step 3 CODE_OLDER first apply code-1.txt
step 0 '101 of 200 used' first use scans 71

echo "--- The seller imports the usage report and confirms it."
step 0 '^LIC2M\.' first usage
cp said usage.txt
step 0 101 lic2-signer usage import usage.txt
step 0 noted first accepted 1

echo "--- The license moves to the second device."
step 0 '^LIC2P\.' first deactivate PL-1
cp said receipt.txt
step 3 NOT_ACTIVATED first check
step 3 LICENSE_RETURNED first apply code-2.txt
step 0 PL-1 lic2-signer receipt accept receipt.txt --code code-2.txt
step 0 '^LIC2R\.' second request PL-1
cp said request-2.txt
step 0 '^LIC2C\.' issue --request request-2.txt --serial 3 --until 2y --feature scans=quota:99
cp said code-3.txt
step 0 ACTIVATED second apply code-3.txt
step 0 'granted: PL-1 serial 3' second check
step 3 DEVICE_MISMATCH first apply code-3.txt
step 0 'PL-1 serial 3' second status
echo "--- done"
