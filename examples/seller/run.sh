#!/bin/sh
# A seller's first day: two keys, a certificate, a code, and the checks a careful seller makes.
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
    --name "order desk" --passphrase-file passphrase.txt > issuer.cert
lic2-signer inspect issuer.cert --anchor anchor.pub

# What every order of this product has in common stands in a file; flags add the order itself.
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

# Another device is refused with exit code 3.
set +e
lic2-signer verify code.txt --anchor anchor.pub --product vision-appliance --product-version 2.4 \
    --component esn:2102312ABC0123456780
test $? -eq 3
