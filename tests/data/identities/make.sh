#!/bin/sh
# Makes the TEST identities of this folder with OpenSSL 3. They are for tests alone: their keys are published here, and
# prove nothing. The passphrase of every protected file is "test passphrase".
set -eu
cd "$(dirname "$0")"
export PASSPHRASE="test passphrase"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
subject="/C=GB/O=TEST ONLY - not a legal identity/CN="
printf '%s\n' 'basicConstraints=critical,CA:TRUE,pathlen:0' 'keyUsage=critical,keyCertSign,cRLSign' \
  'subjectKeyIdentifier=hash' >"$work/ca.cnf"
printf '%s\n' 'basicConstraints=critical,CA:FALSE' 'keyUsage=critical,digitalSignature,nonRepudiation' \
  'extendedKeyUsage=1.3.6.1.5.5.7.3.36,emailProtection' 'authorityKeyIdentifier=keyid' >"$work/person.cnf"

openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:3072 -out "$work/ca.key"
openssl req -new -key "$work/ca.key" -subj "${subject}TEST RSA CA" -out "$work/ca.csr"
openssl x509 -req -in "$work/ca.csr" -signkey "$work/ca.key" -days 36500 -extfile "$work/ca.cnf" -out ca.pem

person() { # name, arguments of genpkey
  name=$1
  shift
  openssl genpkey -quiet "$@" -out "$work/$name.key"
  openssl req -new -key "$work/$name.key" -subj "${subject}TEST $name" -out "$work/$name.csr"
  openssl x509 -req -in "$work/$name.csr" -CA ca.pem -CAkey "$work/ca.key" -days 36500 \
    -extfile "$work/person.cnf" -out "$work/$name.pem"
}
person rsa -algorithm RSA -pkeyopt rsa_keygen_bits:3072
person rsa-1024 -algorithm RSA -pkeyopt rsa_keygen_bits:1024
person p256 -algorithm EC -pkeyopt ec_paramgen_curve:P-256
person p384 -algorithm EC -pkeyopt ec_paramgen_curve:P-384
person p521 -algorithm EC -pkeyopt ec_paramgen_curve:P-521
person ed25519 -algorithm ED25519

p12() { # name, file, options
  name=$1 file=$2
  shift 2
  openssl pkcs12 -export "$@" -in "$work/$name.pem" -inkey "$work/$name.key" -certfile ca.pem -name "$name" \
    -passout env:PASSPHRASE -out "$file"
}
p12 rsa rsa.p12
p12 rsa rsa-legacy.p12 -legacy
p12 p256 p256.p12
p12 p384 p384-legacy.p12 -legacy
p12 rsa-1024 rsa-1024.p12
p12 p521 p521.p12
p12 ed25519 ed25519.p12
openssl pkcs12 -export -nokeys -in "$work/rsa.pem" -passout env:PASSPHRASE -out no-key.p12

# The certificates stand in the wrong order on purpose.
cat ca.pem "$work/p256.pem" "$work/p256.key" >p256.pem
{ cat "$work/p256.pem" ca.pem; openssl pkey -in "$work/p256.key" -traditional; } >p256-sec1.pem
{ cat "$work/rsa.pem" ca.pem; openssl pkey -in "$work/rsa.key" -traditional; } >rsa-pkcs1.pem
{ cat "$work/p384.pem" ca.pem; openssl pkcs8 -topk8 -in "$work/p384.key" -passout env:PASSPHRASE; } >p384-encrypted.pem
{ cat "$work/rsa.pem" ca.pem; openssl pkcs8 -topk8 -scrypt -in "$work/rsa.key" -passout env:PASSPHRASE; } >rsa-scrypt.pem
{ cat "$work/p384.pem"; openssl pkcs8 -topk8 -v1 PBE-SHA1-3DES -in "$work/p384.key" -passout env:PASSPHRASE; } >pbe1.pem
{ cat "$work/rsa.pem"; openssl rsa -in "$work/rsa.key" -traditional -aes128 -passout env:PASSPHRASE; } >old-encrypted.pem
cat "$work/p256.pem" "$work/p384.key" >mismatch.pem
cp "$work/p256.key" key-only.pem
