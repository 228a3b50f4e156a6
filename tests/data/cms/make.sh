#!/bin/sh
# Signs content.txt with OpenSSL 3 and the TEST identities beside this folder, and has it time-stamped: signatures that
# another program made.
set -eu
cd "$(dirname "$0")"
export PASSPHRASE="test passphrase"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
printf 'content that OpenSSL signed\n' >content.txt
ids=../identities
openssl pkcs12 -in $ids/rsa.p12 -passin env:PASSPHRASE -nodes -nocerts -out "$work/rsa.key" 2>/dev/null
openssl pkcs12 -in $ids/rsa.p12 -passin env:PASSPHRASE -nokeys -clcerts -out "$work/rsa.pem" 2>/dev/null

sign() { # file, certificate and key, options
  file=$1 signer=$2 key=$3
  shift 3
  openssl cms -sign -binary -in content.txt -signer "$signer" -inkey "$key" -certfile $ids/ca.pem -outform DER \
    -nosmimecap "$@" -out "$file"
}
sign rsa.der "$work/rsa.pem" "$work/rsa.key" -cades -md sha512
for digest in sha256 sha384 sha512; do
  sign rsa-pss-$digest.der "$work/rsa.pem" "$work/rsa.key" -cades -md $digest \
    -keyopt rsa_padding_mode:pss -keyopt rsa_mgf1_md:$digest -keyopt rsa_pss_saltlen:digest
done
sign rsa-pss-long-salt.der "$work/rsa.pem" "$work/rsa.key" -cades -md sha256 \
  -keyopt rsa_padding_mode:pss -keyopt rsa_pss_saltlen:max
sign p256-sha384.der $ids/p256-sec1.pem $ids/p256-sec1.pem -cades -md sha384
sign p256-sha512.der $ids/p256-sec1.pem $ids/p256-sec1.pem -cades -md sha512
sign key-id.der "$work/rsa.pem" "$work/rsa.key" -cades -md sha256 -keyid
sign not-cades.der "$work/rsa.pem" "$work/rsa.key" -md sha256
sign sha1.der "$work/rsa.pem" "$work/rsa.key" -cades -md sha1
sign embedded.der "$work/rsa.pem" "$work/rsa.key" -cades -md sha256 -nodetach

# A time-stamping authority, whose token names its certificate by SHA-1 as many do.
cat >"$work/ts.cnf" <<END
[tsa]
default_tsa = authority
[authority]
serial = $work/serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ordering = yes
tsa_name = yes
ess_cert_id_alg = sha1
END
echo 01 >"$work/serial"
printf 'keyUsage=critical,digitalSignature\nextendedKeyUsage=critical,timeStamping\n' >"$work/tsa.ext"
openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:3072 -out "$work/tsa.key"
openssl req -new -key "$work/tsa.key" -subj "/C=GB/O=TEST ONLY - not a legal identity/CN=TEST TSA" -out "$work/tsa.csr"
openssl x509 -req -in "$work/tsa.csr" -signkey "$work/tsa.key" -days 36500 -extfile "$work/tsa.ext" -out "$work/tsa.pem"
openssl ts -query -data content.txt -sha256 -cert -out "$work/query"
openssl ts -reply -config "$work/ts.cnf" -queryfile "$work/query" -signer "$work/tsa.pem" -inkey "$work/tsa.key" \
  -token_out -out token-sha1.der
sed -i 's/ess_cert_id_alg = sha1/ess_cert_id_alg = sha256/' "$work/ts.cnf"
openssl ts -reply -config "$work/ts.cnf" -queryfile "$work/query" -signer "$work/tsa.pem" -inkey "$work/tsa.key" \
  -token_out -out token-sha256.der
