#!/bin/sh
# A license for this machine: requested, sold, used; a trial; and a copy of the directory, which works only on this
# machine. Prints every step with its result, and stops at the first unexpected one. It also runs as a test.
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

program() { ./program/desktop_host_c "$@"; }

echo "a passphrase of your own, please" > passphrase.txt
lic2-signer keygen anchor.key --passphrase-file passphrase.txt > problem 2>&1
cp -R "$source" program
lic2-signer pubkey --format c anchor.pub > program/anchor.h
make -s -C program LIC2_DIR="$LIC2_DIR"

step 3 NOT_ACTIVATED program state check
step 0 '|' program state fingerprint > fingerprint
step 0 '^LIC2R\.' program state request
cp said request.txt
step 0 '^LIC2C\.' lic2-signer issue --key anchor.key --passphrase-file passphrase.txt --anchor anchor.pub \
    --request request.txt --id PL-1 --until 1y --feature scans=quota:2
cp said code.txt
step 0 '^LIC2C\.' lic2-signer issue --key anchor.key --passphrase-file passphrase.txt \
    --product vision-appliance --id TRIAL --class trial --days-from-activation 30
cp said trial.txt
step 0 'granted: TRIAL' program tried try trial.txt
step 0 'granted: TRIAL' program tried try trial.txt
step 0 ACTIVATED program state apply code.txt
step 0 'granted: PL-1 serial 1' program state check
step 0 'granted: PL-1' program state try trial.txt
step 0 'granted: 1 of 2 used' program state use scans
step 0 'granted: 2 of 2 used' program state use scans
step 3 QUOTA_EXHAUSTED program state use scans
cp -R state copy
step 0 'granted: PL-1 serial 1' program copy check
printf x >> copy/lic2-a.state
printf x | dd of=copy/lic2-a.state bs=1 seek=140 conv=notrunc 2> problem
printf x | dd of=copy/lic2-b.state bs=1 seek=140 conv=notrunc 2> problem
step 3 STATE_ program copy check
step 0 removed program state uninstall
[ ! -e state ]
echo "--- done"
