"""Turn the drafts beside this file into sample reports and their gold: `python -m tests.samples.build_samples [NAME…]`.

A draft is a report with its gold marked in place (README.md describes the marks), so the gold is in the source
wording by construction.
"""

import codecs
import html
import json
import re
import sys
from pathlib import Path

from tests.samples.printing import write_pdf
from tests.samples.word import write_docx

HERE = Path(__file__).parent
BLOCK_TAG = re.compile(r"</?(?:p|div|br|li|ol|ul|tr|td|th|table|h\d)\b[^>]*>")
MARK = re.compile(r"⟪\+?|⟫|⟦\+?|⟧|‹(?:[\d,]+:|\*:)?|›|[⸨⸩]")
SPAN = re.compile(
    r"(?P<kind>[⟪⟦])(?P<more>\+?)(?P<text>.*?)[⟫⟧]|‹(?P<for>[\d,]+:|\*:)?(?P<cause>.*?)›", re.DOTALL
)


def clean(marked: str) -> str:
    """The wording of a marked stretch: no marks, furniture, tags or bold; a paragraph's end is one line feed."""
    text = re.sub(r"⸨.*?⸩", "", marked, flags=re.DOTALL)
    text = re.sub(r"\{-.*?-\}", "", MARK.sub("", text)).replace("{+", "").replace("+}", "")
    if BLOCK_TAG.search(text) or "</" in text:
        text = re.sub(r"<[^>]+>", "", BLOCK_TAG.sub("\n", re.sub(r"\s*\n\s*", "", text)))
    text = html.unescape(text).replace("** ", "").replace("**", "").replace("↵", "\n").replace("\xa0", "")
    lines = (re.sub(r"^(?:P\||- |L:\S+?\|)\s*", "", line.strip(" \u3000\t")) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def items(body: str) -> tuple[list[dict[str, str | None]], list[dict[str, str]]]:
    """The marked shortcomings with their causes, and the marked plans, in document order."""
    shortcomings: list[dict[str, str | None]] = []
    plans: list[dict[str, str]] = []
    causes: list[tuple[list[int] | None, str]] = []
    for found in SPAN.finditer(body):
        if found["kind"] is None:
            named = (found["for"] or f"{len(shortcomings)}:")[:-1]
            causes.append(
                (None if named == "*" else [int(n) for n in named.split(",")], clean(found["cause"]))
            )
            continue
        text = clean(found["text"])
        if found["more"]:
            last = shortcomings[-1] if found["kind"] == "⟪" else plans[-1]
            last["text"] = f"{last['text']}\n{text}"
        elif found["kind"] == "⟦":
            plans.append({"text": text})
        else:
            inner = re.search(r"‹(.*?)›", found["text"], re.DOTALL)
            shortcomings.append({"text": text, "cause": clean(inner[1]) if inner else None})
    for numbers, cause in causes:
        for n in numbers or range(1, len(shortcomings) + 1):
            shortcomings[n - 1]["cause"] = cause
    return shortcomings, plans


def wrap(text: str, width: int) -> str:
    """Break long lines after `width` characters, as pages copied from a viewer are."""
    return "\n".join(re.sub(rf"(.{{{width}}})(?=.)", r"\1\n", line) for line in text.splitlines()) + "\n"


def build(draft: Path) -> None:
    """Write the report a draft describes, and its gold where it has a title."""
    head, body = draft.read_text(encoding="utf-8").split("\n---\n", 1)
    facts = dict(line[1:].split(" ", 1) for line in head.splitlines())
    target = HERE / facts["file"]
    plain = body if target.suffix in {".docx", ".pdf"} else MARK.sub("", body)
    if "wrap" in facts:
        plain = wrap(plain, int(facts["wrap"]))
    if target.suffix == ".docx":
        write_docx(MARK.sub("", plain), target)
    elif target.suffix == ".pdf":
        write_pdf(MARK.sub("", plain), target, via=facts["via"])
    else:
        if facts.get("lines") == "crlf":
            plain = plain.replace("\n", "\r\n")
        encoding = facts.get("encoding", "utf-8")
        target.write_bytes((codecs.BOM_UTF16_LE if encoding == "utf-16-le" else b"") + plain.encode(encoding))
    if "title" not in facts:
        return
    shortcomings, plans = items(body)
    gold = {
        "title": facts["title"],
        "org": facts["org"],
        "year": int(facts["year"]),
        "issued": None if facts["issued"] == "none" else facts["issued"],
        "shortcomings": shortcomings,
        "plans": plans,
    }
    text = json.dumps(gold, ensure_ascii=False, indent=1)
    target.with_name(f"{target.stem}.gold.json").write_text(text + "\n", encoding="utf-8")


def main(names: list[str]) -> None:
    for draft in sorted((HERE / "drafts").glob("*.draft")):
        if not names or draft.stem in names:
            build(draft)


if __name__ == "__main__":
    main(sys.argv[1:])
