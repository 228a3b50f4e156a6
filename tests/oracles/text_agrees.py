#!/usr/bin/env python3
"""Judge from outside whether reports say what their own data says.

usage: text_agrees.py FILE.pdf...

Takes the attached case.json out of each PDF (pdfdetach) and looks for the name of every hazard and the text
of every cause in what pdftotext reads. White space, hyphens, quotation marks and characters that are printed
as codes do not count, since line breaks and fonts change them. A text that a page break divides is found when
the runs of four words on either side of the break are. Then it follows every "12.2, p. 47" that the report prints:
that page must hold a heading of that number. Exits 1 if anything is missing.
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
                yield f"not in the text: {hazard['key']} {what}: {words[:80]!r}"
    print(f"{pdf}: looked for {wanted} names and causes")


REFERENCE = re.compile(r"(?<![\w.])(App\.\s+[A-Z](?:\.\d+)?|\d+(?:\.\d+)?),\s+p\.\s+(\d+)")


def astray(pdf):
    """References to a section and a page that does not hold its heading."""
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, text=True).stdout
    pages = text.split("\f")
    followed = 0
    # A long reference is broken in its column, so it is looked for in the order of the content, too.
    raw = subprocess.run(["pdftotext", "-raw", pdf, "-"], check=True, capture_output=True, text=True).stdout
    for at, page in enumerate(raw.split("\f"), start=1):
        for reference in REFERENCE.finditer(page):
            number, target = reference.group(1).removeprefix("App.").strip(), int(reference.group(2))
            heading = re.compile(rf"^\s*{re.escape(number)}\s+\S", re.MULTILINE)
            followed += 1
            if target > len(pages) or not heading.search(pages[target - 1]):
                yield f"page {at} says {reference.group(0)!r}, and no heading {number} is there"
    print(f"{pdf}: followed {followed} references to section and page")
    if followed < 30:
        yield f"only {followed} references to section and page: the clause table should hold more"


lost = {pdf: [*missing(pdf), *astray(pdf)] for pdf in sys.argv[1:]}
for pdf, lines in lost.items():
    for line in lines:
        print(f"{pdf}: {line}")
sys.exit(1 if any(lost.values()) else 0)
