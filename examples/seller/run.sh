#!/bin/sh
# A seller's first days: two keys, a certificate, a code, the checks a careful seller makes, the answer to a device, and
# a refund.
# Runs in an empty directory and leaves its files there: sh run.sh. It runs as a test, too.
set -eu

# A real seller types passphrases at the terminal, or keeps them in a password manager: --passphrase-fd 3.
umask 077
echo "a passphrase of your own, please" > passphrase.txt
set -x

# The anchor is the key that products trust. It signs certificates only, and rests in a safe.
lic2-signer keygen anchor.key --passphrase-file passphrase.txt
lic2-signer pubkey --format c anchor.pub > anchor.h

# The issuing key signs every day. The certificate limits what a thief could do with it.
lic2-signer keygen issuer.key --passphrase-file passphrase.txt
lic2-signer certify --anchor anchor.key --key issuer.pub --scope 'vision-*' --valid-until 2y --longest-term 800d \
    --kinds codes,revocations,time-tokens --name "order desk" --passphrase-file passphrase.txt > issuer.cert
lic2-signer inspect issuer.cert --anchor anchor.pub

# A file contains what all orders of this product have in common; flags add the order itself.
cat > vision-pro.toml <<'TOML'
product = "vision-appliance"
edition = "PRO"
until = "1y"
grace-days = 15
versions = "2.x"
feature = ["analytics@6 months", "channels=limit:16", "export"]
TOML
lic2-signer issue --key issuer.key --certificate issuer.cert --content vision-pro.toml --id PL-20261122-00000042 \
    --device esn:2102312ABC0123456789 --feature channels=limit:64 --order CS2611221200 --anchor anchor.pub \
    --passphrase-file passphrase.txt > code.txt

# What the customer will see.
lic2-signer inspect code.txt
lic2-signer verify code.txt --anchor anchor.pub --product vision-appliance --product-version 2.4 \
    --component esn:2102312ABC0123456789 --feature channels
lic2-signer verify code.txt --anchor anchor.pub --product vision-appliance --product-version 2.4 \
    --component esn:2102312ABC0123456789 --json > decision.json

# A device that is never online asks for a license itself: its customer sends this text. Nobody needs to know its
# serial number; the code is bound to the hashes in the request.
echo LIC2R.AVIAAAAAAAAQdmlzaW9uLWFwcGxpYW5jZYoSW6AbC5RMfPj2DBRQTC0yMDI2MTEyMi0wMDAwMDA0MxIB5_XFRQ_S-NAFkyKBHoP-M2cJAgMCBAAGApwDRtGQvw \
    > request.txt
lic2-signer request show request.txt
lic2-signer issue --key issuer.key --certificate issuer.cert --content vision-pro.toml --request request.txt \
    --anchor anchor.pub --passphrase-file passphrase.txt > answer.txt
lic2-signer verify answer.txt --anchor anchor.pub --product vision-appliance --product-version 2.4 \
    --component esn:2102312ABC0123456790 --component mac:04:7c:16:5e:e3:5e

# The first customer is paid back. Every device that gets the list refuses the license from then on.
lic2-signer revocations --key issuer.key --certificate issuer.cert --number 1 --product vision-appliance \
    --revoke PL-20261122-00000042=refunded:2 --anchor anchor.pub --passphrase-file passphrase.txt > list.txt
lic2-signer inspect list.txt --anchor anchor.pub

# A ledger makes all of this easier: it records every sale, and a repeated order gives the same code.
lic2-signer ledger init sales.ledger
lic2-signer issue --key issuer.key --certificate issuer.cert --content vision-pro.toml --id PL-20261122-00000044 \
    --device esn:2102312ABC0123456791 --order CS2611221300 --ledger sales.ledger --anchor anchor.pub \
    --passphrase-file passphrase.txt > third.txt
lic2-signer renew PL-20261122-00000044 --extend 1y --order CS2711221300 --key issuer.key --certificate issuer.cert \
    --ledger sales.ledger --anchor anchor.pub --passphrase-file passphrase.txt > renewal.txt
lic2-signer refund PL-20261122-00000044 --renewal --order CS2711230900 --key issuer.key --certificate issuer.cert \
    --ledger sales.ledger --anchor anchor.pub --passphrase-file passphrase.txt > shortened.txt
lic2-signer freeze PL-20261122-00000044 --reason unpaid --ledger sales.ledger
# Series 1: the list above, of series 0, was made without the ledger.
lic2-signer revocations --product vision-appliance --series 1 --key issuer.key --certificate issuer.cert \
    --ledger sales.ledger --anchor anchor.pub --passphrase-file passphrase.txt > frozen.txt

# A long list comes in parts. This one is short: the part for the license is all of it.
lic2-signer revocations --product vision-appliance --series 1 --license PL-20261122-00000044 --key issuer.key \
    --certificate issuer.cert --ledger sales.ledger --anchor anchor.pub --passphrase-file passphrase.txt > part.txt
cmp part.txt frozen.txt

# Devices without a clock learn the time.
lic2-signer time-token --key issuer.key --certificate issuer.cert --product vision-appliance --anchor anchor.pub \
    --passphrase-file passphrase.txt > time.txt

# Another device is refused with exit code 3.
set +e
lic2-signer verify code.txt --anchor anchor.pub --product vision-appliance --product-version 2.4 \
    --component esn:2102312ABC0123456780
test $? -eq 3
