"""Short invented reports, written as text: what stands in one part, and what was read from it."""

from reports.document import Block, Document
from reports.parsed import ParsedReport
from reports.reading import read_document

OPENING = """青溪县林草局2023年度法治政府建设情况报告
县人民政府：
现将青溪县林草局2023年度法治政府建设情况报告如下：
一、主要举措和成效
（一）加强组织领导。全年召开专题会议3次，一是学法二是研判，针对检查发现的文书不规范问题已全部整改到位。
（二）规范行政执法。立案查处案件12件，下一步将继续保持力度。
二、党政主要负责人履行推进法治建设第一责任人职责情况
局主要负责人坚持带头：一是带头学法；二是带头督办。"""
CLOSING = """青溪县林草局
2024年1月15日"""
SHORT = "三、存在的不足\n（一）执法力量薄弱。"
PLAN = "四、2024年工作安排\n（一）充实执法力量。"


def document(text: str, tables: dict[str, tuple[tuple[str, ...], ...]] | None = None) -> Document:
    """Each line of the text as one paragraph; a line that names a table of `tables` is that table."""
    blocks = []
    for number, line in enumerate((line for line in text.split("\n") if line.strip()), 1):
        rows = (tables or {}).get(line.strip(), ())
        blocks.append(Block(text="" if rows else line.strip(), paragraph=number, rows=rows))
    return Document(name="report.txt", format="txt", blocks=tuple(blocks))


def read(text: str, **tables: tuple[tuple[str, ...], ...]) -> ParsedReport:
    """The report whose paragraphs are the lines of the text."""
    return read_document(document(text, tables), sha256="")


def read_parts(*parts: str, **tables: tuple[tuple[str, ...], ...]) -> ParsedReport:
    """A whole report around the parts given, opening and signature added."""
    return read("\n".join((OPENING, *parts, CLOSING)), **tables)


def lacking(
    body: str, heading: str = "三、存在的不足和原因", **tables: tuple[tuple[str, ...], ...]
) -> list[str]:
    """The shortcomings read from a section."""
    return [item.text for item in read_parts(f"{heading}\n{body}", PLAN, **tables).shortcomings]


def causes(
    body: str, heading: str = "三、存在的不足和原因", **tables: tuple[tuple[str, ...], ...]
) -> list[str | None]:
    """The causes read with the shortcomings of a section."""
    return [item.cause for item in read_parts(f"{heading}\n{body}", PLAN, **tables).shortcomings]


def planned(
    body: str, heading: str = "四、2024年工作安排", **tables: tuple[tuple[str, ...], ...]
) -> list[str]:
    """The plans read from a section."""
    return [item.text for item in read_parts(SHORT, f"{heading}\n{body}", **tables).plans]


def both(
    body: str, heading: str = "三、存在问题及下一步打算", **tables: tuple[tuple[str, ...], ...]
) -> tuple[list[str], list[str]]:
    """Shortcomings and plans read from a section that holds both."""
    report = read_parts(f"{heading}\n{body}", **tables)
    return [item.text for item in report.shortcomings], [item.text for item in report.plans]
