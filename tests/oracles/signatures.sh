#!/usr/bin/env bash
# Signatures, judged from outside: signatures.sh CSCR SHARED WORK
# From no key to a report that three people have signed, as docs/signing.md tells it; then each state of that file
# (empty fields, one, two and three signatures, data for long-term validation) goes to veraPDF, qpdf, pdfsig and pyHanko.
set -euo pipefail
cscr=$1 shared=$2 work=$3/signatures
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$work"

# pyHanko in a place of its own, unless it is there.
python=python3
if ! python3 -c 'import pyhanko.sign.validation' 2>/dev/null; then
  venv=${PYHANKO_HOME:-$HOME/.cache/pyhanko-oracle}
  [ -x "$venv/bin/python" ] || { python3 -m venv "$venv" && "$venv/bin/python" -m pip install -q pyhanko; }
  python=$venv/bin/python
fi

# The sample, with a third approver.
cp -r "$here/../../samples/referral-hub" "$work/case"
python3 - "$work/case/case.toml" <<'PYTHON'
import sys
path = sys.argv[1]
text = open(path, encoding="utf-8").read()
third = '[[document.approvers]]\nperson = "lindqvist"\ntitle = "Consultant gastroenterologist"\n\n'
open(path, "w", encoding="utf-8").write(
    text.replace("[[document.related_documents]]", third + "[[document.related_documents]]", 1)
    .replace('status = "For approval"', 'status = "Approved"', 1)
)
PYTHON

export CSCR_PASSPHRASE='correct horse battery staple'
identity() {
  "$cscr" identity new --person "$2" --id "$1" --date 2026-01-01 --ca "$work/test-ca.p12" -o "$work/$1.p12" \
    --passphrase-env CSCR_PASSPHRASE --quiet >/dev/null
}
identity ashdown 'Dr Helen Ashdown'
identity holt 'Simon Holt'
identity lindqvist 'Dr Maya Lindqvist'

"$cscr" issue "$work/case" --version 1.0 --quiet >/dev/null
approve() { "$cscr" approve "$work/case" --document "$1" --person "$2" --date 2026-09-14 --yes --quiet >/dev/null; }
for document in hazard-log tom; do approve "$document" ashdown; done
for person in ashdown holt lindqvist; do approve cscr "$person"; done
"$cscr" build "$work/case" --release -o "$work/0.pdf" --quiet >/dev/null

sign() {
  "$cscr" sign "$work/$2.pdf" --as "$1" --identity "$work/$1.p12" --passphrase-env CSCR_PASSPHRASE \
    --date "2026-09-1$3T09:00:00Z" -o "$work/$3.pdf" --quiet >/dev/null
}
sign ashdown 0 1
sign holt 1 2
sign lindqvist 2 3
# A revocation list is an authority's; the TEST authority has none, so certificates alone are kept.
"$cscr" ltv "$work/3.pdf" -o "$work/4.pdf" --quiet >/dev/null || [ $? = 1 ]

verify() { "$cscr" verify --as-of 2026-09-20T09:00:00Z "$@"; }

echo "cscr verify: each state, the last one against the case as well"
for state in 1 2; do
  if verify "$work/$state.pdf" >/dev/null; then echo "$state.pdf lacks signatures and is accepted"; exit 1; fi
done
verify "$work/1.pdf" --require ashdown >/dev/null
for state in 3 4; do verify "$work/$state.pdf" --trust "$work/test-ca.pem" --case "$work/case" | tail -n 1; done

echo "A pack for release, with the report that all have signed"
"$cscr" pack "$work/case" --report "$work/3.pdf" --release -o "$work/pack.zip" --trust "$work/test-ca.pem" --as-of 2026-09-20T09:00:00Z --quiet >/dev/null
"$cscr" pack --verify "$work/pack.zip" --trust "$work/test-ca.pem" --as-of 2026-09-20T09:00:00Z | tail -n 1

echo "veraPDF and qpdf"
"$shared/oracles/verapdf.sh" 3a,ua1 "$work"/{0,1,2,3,4}.pdf
for state in 0 1 2 3 4; do qpdf --check "$work/$state.pdf" >/dev/null; done

echo "pdfsig: as many whole signatures as there should be"
for state in 1 2 3 4; do
  expected=$((state < 3 ? state : 3))
  found=$(pdfsig -nocert "$work/$state.pdf" | grep -c 'Signature is Valid' || true)
  [ "$found" = "$expected" ] || { echo "pdfsig finds $found of $expected in $state.pdf"; exit 1; }
done

echo "pyHanko"
"$python" "$shared/oracles/pyhanko_check.py" "$work/test-ca.pem" --expect ashdown "$work/1.pdf"
"$python" "$shared/oracles/pyhanko_check.py" "$work/test-ca.pem" --expect ashdown,holt "$work/2.pdf"
"$python" "$shared/oracles/pyhanko_check.py" "$work/test-ca.pem" --expect ashdown,holt,lindqvist "$work/3.pdf" "$work/4.pdf"
