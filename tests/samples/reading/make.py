"""Make the pdf and old-format samples beside this file anew: `python -m tests.samples.reading.make`.

Needs soffice (LibreOffice), chromium and a Chinese font; the tests only need the files.
"""

import shutil
import subprocess
import tempfile
from pathlib import Path

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph

HERE = Path(__file__).parent
BODY_SIZE = 16

PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>某某局报告</title></head><body>
<div><a href="#">首页</a> <a href="#">政务公开</a></div><p>您当前的位置：首页 &gt; 政务公开 &gt; 年度报告</p>
<h1 style="text-align:center">松原区水务局2023年法治政府建设情况报告</h1>
<p>发布日期：2024-01-18&nbsp;&nbsp;&nbsp;来源：区水务局&nbsp;&nbsp;&nbsp;浏览次数：86</p>
<p style="text-indent:2em">2023年，我局坚持以法治思维推动水务工作，完善制度机制，依法办理行政许可，现将有关情况报告如下。</p>
<h2>一、存在的不足</h2>
<ol><li>基层执法力量薄弱，持证人员仅有9人，难以满足辖区内1200公里河道日常巡查需要，夜间巡查难以保证两人以上同时在场。</li>
<li>普法形式单一。</li></ol>
<p style="text-indent:2em">松原区水务局</p><p style="text-indent:2em">2024年1月15日</p>
<p>扫一扫在手机打开当前页</p><p>上一篇：区水务局2023年工作要点</p></body></html>"""


def paragraph(
    document: WordDocument,
    text: str,
    *,
    indent: bool = True,
    align: WD_ALIGN_PARAGRAPH | None = None,
    size: int = BODY_SIZE,
) -> None:
    """A paragraph set as official papers are: 16 pt, 28 pt lines, two characters' indent."""
    made = document.add_paragraph()
    run = made.add_run(text)
    run.font.size = Pt(size)
    made.paragraph_format.line_spacing = Pt(28)
    made.paragraph_format.space_after = Pt(0)
    made.paragraph_format.first_line_indent = Pt(2 * size) if indent else None
    if align is not None:
        made.alignment = align


def page_number(footer: Paragraph) -> None:
    """A footer of the form "— 1 —"."""
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    footer.add_run("— ")
    for kind in ("begin", "separate", "end"):
        mark = OxmlElement("w:fldChar")
        mark.set(qn("w:fldCharType"), kind)
        footer.add_run()._r.append(mark)
        if kind == "begin":
            code = OxmlElement("w:instrText")
            code.text = "PAGE"
            footer.add_run()._r.append(code)
        elif kind == "separate":
            footer.add_run("1")
    footer.add_run(" —")


def official(path: Path) -> None:
    """A report set as an official paper, with header, page numbers, and a table that runs over a page's end."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin, section.bottom_margin = Cm(3.7), Cm(3.5)
    section.left_margin, section.right_margin = Cm(2.8), Cm(2.6)
    section.header.paragraphs[0].text = "松原区水务局文件"
    page_number(section.footer.paragraphs[0])
    centre, right = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
    paragraph(document, "松原区水务局", indent=False, align=centre, size=22)
    paragraph(document, "关于2023年度法治政府建设情况的报告", indent=False, align=centre, size=22)
    paragraph(document, "区人民政府：", indent=False)
    for count in range(7):
        paragraph(document, "一二三四五六七"[count] + "、主要工作")
        paragraph(
            document,
            f"（一）规范执法行为。全年开展检查{100 + count * 37}次，发现问题{22 + count}个，立案查处{3 + count}件，对轻微违法行为依法"
            "不予处罚，做到宽严相济、法理相融，得到企业和群众的一致好评和充分肯定。",
        )
    paragraph(document, "八、存在的不足")
    paragraph(
        document,
        "一是“重审批、轻监管”的惯性依然存在，基层执法力量薄弱，持证人员仅有9人，难以满足辖区内1200公里河道日常巡查需要，夜间巡查和水上执法难以保证两人以上同时在场，"
        "取证能力也有待提高。二是普法形式单一。",
    )
    table = document.add_table(rows=1, cols=3)
    table.style = "Table Grid"
    for cell, text in zip(table.rows[0].cells, ("序号", "具体措施", "完成时限"), strict=True):
        cell.text = text
    for count in range(1, 13):
        cells = table.add_row().cells
        texts = (
            str(count),
            f"制定第{count}项协作办法，每季度召开一次联席会议，通报情况、研究问题，推动落实到位",
            f"2024年{count}月",
        )
        for cell, text in zip(cells, texts, strict=True):
            cell.text = text
    table.cell(1, 2).merge(table.cell(2, 2))
    paragraph(document, "松原区水务局", align=right)
    paragraph(document, "2024年1月15日", align=right)
    document.save(str(path))


def convert(source: Path, target: str, folder: Path) -> Path:
    """The file in another format, by LibreOffice."""
    command = [
        "soffice",
        "--headless",
        f"-env:UserInstallation=file://{folder}/profile",
        "--convert-to",
        target,
    ]
    subprocess.run([*command, "--outdir", str(folder), str(source)], check=True, capture_output=True)
    return folder / f"{source.stem}.{target.partition(':')[0]}"


def main() -> None:
    """Write every sample."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        official(folder / "official.docx")
        shutil.copy(convert(folder / "official.docx", "pdf", folder), HERE / "official.pdf")
        password = '{"EncryptFile":{"type":"boolean","value":"true"},"DocumentOpenPassword":{"type":"string","value":"1"}}'
        small = folder / "small.docx"
        document = Document()
        document.add_paragraph("存在的不足：执法力量薄弱，普法形式单一。")
        document.save(str(small))
        shutil.copy(convert(small, f"pdf:writer_pdf_Export:{password}", folder), HERE / "encrypted.pdf")
        for ending in ("doc", "rtf", "odt"):
            shutil.copy(convert(small, ending, folder), HERE / f"old.{ending}")
        page = folder / "page.html"
        page.write_text(PAGE, encoding="utf-8")
        command = [
            "chromium",
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            f"--print-to-pdf={HERE / 'web.pdf'}",
        ]
        subprocess.run([*command, page.as_uri()], check=True, capture_output=True)


if __name__ == "__main__":
    main()
