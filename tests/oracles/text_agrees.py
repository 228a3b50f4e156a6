#!/usr/bin/env python3
"""Judge from outside whether reports say what their own data says.

usage: text_agrees.py FILE.pdf...

Takes the attached case.json out of each PDF (pdfdetach) and looks for the name of every hazard and the text
of every cause in what pdftotext reads. White space, hyphens, quotation marks and characters that are printed
as codes do not count, since line breaks and fonts change them. A text that a page break divides is found when
the runs of four words on either side of the break are. Exits 1 if anything is missing.
"""
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path


def squeezed(text):
    return re.sub(r"[^0-9a-z]", "", re.sub(r"\[U\+[0-9A-F]+\]", "", text).lower())


def found(words, text):
    if squeezed(words) in text:
        return True
    runs = [squeezed(" ".join(run)) for run in zip(*(words.split()[start:] for start in range(4)))]
    # A page break divides the three runs that cross it.
    return len(runs) > 6 and sum(run not in text for run in runs) <= 3 * max(1, len(runs) // 300)


def missing(pdf):
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["pdfdetach", "-saveall", "-o", folder, pdf], check=True)
        case = json.loads((Path(folder) / "case.json").read_text(encoding="utf-8"))
    text = squeezed(subprocess.run(["pdftotext", "-raw", pdf, "-"], check=True, capture_output=True, text=True).stdout)
    wanted = 0
    for hazard in case["hazard_log"]["hazards"]:
        expected = [("name", hazard["name"] or "")] + [(cause["id"], cause["text"]) for cause in hazard["causes"]]
        for what, words in expected:
            wanted += 1
            if not found(words, text):
                yield f"{hazard['key']} {what}: {words[:80]!r}"
    print(f"{pdf}: looked for {wanted} names and causes")


lost = {pdf: list(missing(pdf)) for pdf in sys.argv[1:]}
for pdf, lines in lost.items():
    for line in lines:
        print(f"{pdf}: not in the text: {line}")
sys.exit(1 if any(lost.values()) else 0)
