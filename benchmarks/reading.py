"""How fast files of each format are opened, how much memory that takes, and how both grow with length.

Run: `python -m benchmarks.reading`. Each figure comes from a process of its own. A report of length 1 has about
4,000 characters; the pdf repeats the three pages of a sample. Times are of the processor, so that a busy
machine tells the same; peak memory is what reading adds to the process.
"""

import io
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from reports.files import document_from

LENGTHS = (1, 10, 100)
SAMPLE = Path(__file__).parents[1] / "tests" / "samples" / "reading" / "official.pdf"
SENTENCES = (
    "持证执法人员仅有9人，难以满足辖区内1200公里河道日常巡查需要，夜间巡查和水上执法难以保证两人以上同时在场。",
    "全年受理许可365件，按期办结率达到100%，组织培训12期，修订制度18项，立案查处46件，罚没款107万元。",
)
Made = list[tuple[str, str]]


def report(length: int) -> Made:
    """The paragraphs of an invented report, each with its number."""
    sections = []
    for section in range(8 * length):
        sections.append((f"{section + 1}", "法治政府建设主要工作"))
        sections += [("", SENTENCES[part % 2] * 2) for part in range(4)]
    return sections


def make_txt(length: int) -> bytes:
    """The report as text, wrapped as copied text is."""
    lines = []
    for number, text in report(length):
        line = "　　" + (f"{number}、" if number else "") + text
        lines += [line[at : at + 36] for at in range(0, len(line), 36)]
    return "\n".join(lines).encode()


def make_md(length: int) -> bytes:
    """The report as markdown."""
    return "\n\n".join(f"## {number}、{text}" if number else text for number, text in report(length)).encode()


def make_html(length: int) -> bytes:
    """The report on a web page, among links."""
    links = "".join(f"<li><a href='#'>{count}月份法治政府建设工作动态</a></li>" for count in range(60))
    body = "".join(f"<p><span>　　{number}{text}</span></p>" for number, text in report(length))
    return f"<html><head><meta charset='utf-8'></head><body><ul>{links}</ul><div>{body}</div></body></html>".encode()


def make_docx(length: int) -> bytes:
    """The report as a Word file with numbered lists and a table."""
    from docx import Document

    document = Document()
    for number, text in report(length):
        document.add_paragraph(text, style="Heading 1" if number else "List Number")
    table = document.add_table(rows=6 * length, cols=4)
    for row in table._tbl.tr_lst:
        for cell in row.tc_lst:
            cell.p_lst[0].add_r().text = "完善协作机制"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def make_pdf(length: int) -> bytes:
    """The sample's pages, over and over."""
    import pypdfium2

    document = pypdfium2.PdfDocument.new()
    sample = pypdfium2.PdfDocument(SAMPLE)
    for _ in range(length):
        document.import_pages(sample)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


MAKERS: dict[str, Callable[[int], bytes]] = {
    "txt": make_txt,
    "md": make_md,
    "html": make_html,
    "docx": make_docx,
    "pdf": make_pdf,
}


def peak_memory() -> float:
    """The most MiB this process has held (Linux)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def measured(path: Path) -> tuple[float, float, int]:
    """Processor seconds a reading (first one apart), MiB added at the peak, and blocks; in the process that calls it."""
    data = path.read_bytes()
    before = peak_memory()
    blocks = len(document_from(data, path.name).blocks)
    peak = peak_memory() - before
    times: list[float] = []
    while len(times) < 3 or (sum(times) < 1.0 and len(times) < 200):
        started = time.process_time()
        document_from(data, path.name)
        times.append(time.process_time() - started)
    return median(times), peak, blocks


def main() -> None:
    """Print one line a format and length."""
    context = multiprocessing.get_context("spawn")
    print(
        f"{'format':7}{'length':>7}{'KiB':>9}{'blocks':>8}{'ms':>10}{'reports/s':>11}{'peak MiB':>10}{'x time':>8}"
    )
    with tempfile.TemporaryDirectory() as folder:
        for kind, make in MAKERS.items():
            first = 0.0
            for length in LENGTHS:
                path = Path(folder, f"{length}.{kind}")
                path.write_bytes(make(length))
                with context.Pool(1) as pool:
                    seconds, peak, blocks = pool.apply(measured, (path,))
                first = first or seconds
                size = path.stat().st_size / 1024
                sys.stdout.write(
                    f"{kind:7}{length:7}{size:9.0f}{blocks:8}{seconds * 1000:10.2f}{1 / seconds:11.1f}{peak:10.1f}"
                    f"{seconds / first:8.1f}\n"
                )
                sys.stdout.flush()


if __name__ == "__main__":
    main()
