"""One change at a time to a report, as other offices would write, lay out or export the same text.

Each takes a report and a number that picks the wording, and gives the changed document, or None where it has
nothing to change. What the gold says stays true.
"""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

from benchmarks.reader.corpus import Annotated
from benchmarks.reader.labels import Folded, Gold
from reports.document import Block, Document
from reports.files import document_from
from reports.source import Source
from reports.unfolding import unfolded

_TOP = re.compile(r"^\s*([一二三四五六七八九十]{1,2})[、．.]\s*(?=\S)")
_ENTRY = re.compile(r"^\s*[（(][一二三四五六七八九十]{1,2}[)）]\s*")
_STOPS = "。；;：:！？"
_NUMERALS = "一二三四五六七八九十"
CLOSINGS = (
    "我局将以更加饱满的热情、更加务实的作风，奋力开创法治建设新局面。",
    "新征程上，我们将再接再厉、久久为功，不断推动法治政府建设取得新成效。",
    "法治建设永远在路上。我单位将一如既往，把各项工作抓紧抓实。",
    "特此报告。",
    "道阻且长，行则将至。我们有信心、有决心完成全年各项目标任务。",
    "今后，我们将在上级党委、政府的坚强领导下，为经济社会发展提供有力法治保障。",
    "以上报告，请审阅。",
    "千里之行，始于足下。全体干部职工将以实干笃定前行，交出一份满意的法治答卷。",
    "站在新的起点，我局将始终坚持人民至上，用法治守护一方平安。",
    "我们坚信，在各方共同努力下，法治的阳光必将照亮每一个角落。",
    "一年来的成绩离不开上级的关心和社会各界的支持，在此一并表示感谢。",
    "{org}将继续以法治之力守护一方水土，服务高质量发展。",
    "{org}将始终牢记初心使命，锐意进取、勇于担当，以过硬作风护航发展。",
    "雄关漫道真如铁，而今迈步从头越。让我们携手并肩，共创美好明天。",
    "我们深知，做好这项工作责任重大、任务艰巨。",
    "以更高水平的法治，为全县经济社会发展保驾护航。",
    "下一步，{org}将认真落实上级部署，确保各项任务落地见效。",
    "以上报告，如有不妥，请批评指正。",
    "潮起正是扬帆时。{org}将乘势而上，把蓝图变为现实。",
    "{org}将以此次报告为契机，对照目标逐项抓好落实。",
    "这些任务，已列入年度考核，逐项销号、一抓到底。",
    "接下来，全局上下将凝心聚力、真抓实干，为建设更高水平的法治政府贡献力量。",
)
PLAN_HEADINGS = (
    "下步怎么干",
    "来年重点工作考虑",
    "改进工作的路径",
    "新一年主攻方向",
    "工作着力点",
    "下阶段谋划",
    "今后努力的方向",
    "推进法治建设的后续举措",
)
LACK_HEADINGS = (
    "工作中的差距",
    "需要正视的短板",
    "尚待改进之处",
    "面临的困难和挑战",
    "对照要求存在的弱项",
    "自查发现的欠缺",
    "薄弱环节",
    "有哪些不足",
)
INTRODUCTIONS = (
    "新的一年，我单位将紧紧围绕中心工作，扎实推进以下几方面工作。",
    "下一步，我们将坚持问题导向，着重从以下方面发力：",
    "面对新形势新要求，全局上下要进一步提高认识，把法治建设摆在更加突出的位置。",
    "做好下一阶段工作意义重大。我们将重点抓好如下任务。",
)
_REASONS = (
    "有的同志对依法行政的认识停留在口头上，主动学习研究不够",
    "编制总量控制，专业人员引进渠道窄、留不住",
    "部门之间各管一段，信息没有打通，合力没有形成",
    "考核偏重结果，对过程的约束和激励不足",
    "历史欠账较多，经费投入跟不上任务增长",
    "新情况新问题层出不穷，制度供给相对滞后",
    "教育培训重形式、轻实效，学用脱节",
)
_REASON_LEADS = (
    "上述问题的产生，主要有以下原因：",
    "究其原因，",
    "分析原因，主要在于：",
    "产生这些问题的原因是多方面的。",
)
_OWN_TURNS = (
    "在肯定成绩的同时，我们也清醒地认识到，工作中还有一些不足。",
    "同时也要看到，与上级要求和群众期盼相比仍存在差距。",
    "一年来的工作虽有进步，但也面临一些困难和短板，主要是：",
    "对照新形势新任务，我单位法治工作还有需要改进的地方。",
)
_PLAN_TURNS = (
    "{}年，我单位将紧盯上述问题，精准发力、务求实效。",
    "下一步，我们将针对以上不足，扎实做好以下工作。",
    "新的一年，我们将突出重点、补齐短板。",
    "{}年是承上启下的一年，我单位将着力抓好以下任务：",
)
_OFFICES = ("法规科", "办公室", "执法大队", "政策法规股", "行政审批科", "人事科")
_DUE = ("{}年6月底", "{}.10.31", "年底前", "上半年", "长期坚持", "{}年三季度末")
_ANNEX = ("附件：", "1.法治政府建设主要数据统计表", "2.规范性文件目录")


@dataclass(frozen=True)
class _Marked:
    """A report with where its parts stand: indexes of blocks."""

    blocks: tuple[Block, ...]
    lacking: list[int]
    planned: list[int]

    def heading_over(self, first: list[int]) -> int | None:
        """The short line right above the first item, or the nearest one within a few lines."""
        if not first:
            return None
        for at in range(first[0] - 1, max(-1, first[0] - 4), -1):
            words = self.blocks[at].text.strip()
            if words and len(words) <= 30 and words[-1] not in _STOPS and not self.blocks[at].rows:
                return at
        return None


def _mark(report: Annotated) -> _Marked:
    source = Source.of(report.document)
    folded = Folded(source.text)
    by_paragraph = {id(block): at for at, block in enumerate(report.document.blocks)}

    def places(kind: str) -> list[int]:
        found, after = [], 0
        for item in report.gold[kind]:
            if place := folded.find(item["text"], after):
                after = place[1]
                found.append(by_paragraph[id(source.line_at(place[0]).block)])
        return found

    return _Marked(report.document.blocks, places("shortcomings"), places("plans"))


def _with(document: Document, blocks: list[Block]) -> Document:
    return replace(document, blocks=tuple(replace(block, paragraph=at) for at, block in enumerate(blocks, 1)))


def _plain(text: str) -> Block:
    return Block(text, 0)


def _change(report: Annotated, at: dict[int, str]) -> Document | None:
    blocks = list(report.document.blocks)
    for place, text in at.items():
        blocks[place] = replace(blocks[place], text=text)
    return _with(report.document, blocks) if at else None


def headings_first(report: Annotated, pick: int) -> Document | None:
    """一、… becomes 第一，…。"""
    changed = {}
    for at, block in enumerate(report.document.blocks):
        if (match := _TOP.match(block.text)) and len(block.text) <= 40:
            changed[at] = f"第{match[1]}，{block.text[match.end() :].rstrip('。：:')}。"
    return _change(report, changed)


def headings_run_in(report: Annotated, pick: int) -> Document | None:
    """A heading stands in the line of its first paragraph."""
    blocks = list(report.document.blocks)
    out: list[Block] = []
    glued = False
    for block in blocks:
        above = out[-1] if out else None
        if (
            above
            and _TOP.match(above.text)
            and len(above.text) <= 40
            and above.text[-1] not in _STOPS
            and block.text
            and not block.number
            and not _ENTRY.match(block.text)
            and not _TOP.match(block.text)
        ):
            out[-1] = replace(above, text=f"{above.text}。{block.text}", heading=None)
            glued = True
        else:
            out.append(block)
    return _with(report.document, out) if glued else None


def headings_bare(report: Annotated, pick: int) -> Document | None:
    """The headings of parts lose their numbers."""
    changed = {
        at: _TOP.sub("", block.text)
        for at, block in enumerate(report.document.blocks)
        if _TOP.match(block.text) and len(block.text) <= 40
    }
    return _change(report, changed)


def _after_title(report: Annotated, line: str) -> Document | None:
    marked = _mark(report)
    title = re.sub(r"\W", "", report.gold["title"])[-6:]
    at = next(
        (at for at, block in enumerate(marked.blocks[:12]) if re.sub(r"\W", "", block.text).endswith(title)),
        None,
    )
    if at is None:
        return None
    blocks = list(marked.blocks)
    blocks.insert(at + 1, _plain(line))
    return _with(report.document, blocks)


def date_under_title(report: Annotated, pick: int) -> Document | None:
    """（2024年1月18日） under the title, where the report bears that date or none below."""
    year, month, day = (int(part) for part in (report.gold["issued"] or "2024-01-18").split("-"))
    return _after_title(report, f"（{year}年{month}月{day}日）")


def number_under_title(report: Annotated, pick: int) -> Document | None:
    """A document number under the title."""
    year = (report.gold["year"] or 2023) + 1
    return _after_title(
        report, ("法政〔{}〕{}号", "政函〔{}〕{}号", "〔{}〕第{}号")[pick % 3].format(year, 7 + pick)
    )


def _end_of_items(report: Annotated) -> int | None:
    """The block after the last plan, where nothing but the signature follows."""
    marked = _mark(report)
    if not marked.planned or (marked.lacking and marked.lacking[-1] > marked.planned[-1]):
        return None
    source = Source.of(report.document)
    place = Folded(source.text).find(report.gold["plans"][-1]["text"])
    if place is None:
        return None
    block = source.line_at(place[1] - 1).block
    return next(at for at, one in enumerate(report.document.blocks) if one is block) + 1


def _closing(report: Annotated, pick: int) -> str:
    return CLOSINGS[pick % len(CLOSINGS)].format(org=report.gold["org"] or "我局")


def closing(report: Annotated, pick: int) -> Document | None:
    """An ordinary closing paragraph after the last plan."""
    at = _end_of_items(report)
    if at is None:
        return None
    blocks = list(report.document.blocks)
    blocks.insert(at, _plain(_closing(report, pick)))
    return _with(report.document, blocks)


def closing_glued(report: Annotated, pick: int) -> Document | None:
    """The closing words in the paragraph of the last plan."""
    at = _end_of_items(report)
    if at is None or report.document.blocks[at - 1].rows:
        return None
    last = report.document.blocks[at - 1]
    text = last.text.rstrip("。；; ") + "。" + _closing(report, pick + 5)
    return _change(report, {at - 1: text})


def signed_in_brackets(report: Annotated, pick: int) -> Document | None:
    """The signature has a second name in brackets."""
    org = re.sub(r"\W", "", report.gold["org"] or "")
    at = [
        at
        for at, block in enumerate(report.document.blocks)
        if org and re.sub(r"\W", "", block.text) == org and at * 2 > len(report.document.blocks)
    ]
    if not at:
        return None
    second = ("知识产权局", "法制办公室", "行政复议局", "外国专家局")[pick % 4]
    return _change(report, {at[-1]: report.document.blocks[at[-1]].text.strip() + f"（{second}）"})


def undated_with_annex(report: Annotated, pick: int) -> Document | None:
    """The signature has no date, and a list of annexes stands below."""
    org = re.sub(r"\W", "", report.gold["org"] or "")
    blocks = list(report.document.blocks)
    at = [at for at, block in enumerate(blocks) if org and re.sub(r"\W", "", block.text) == org]
    if not at or at[-1] * 2 < len(blocks) or at[-1] < len(blocks) - 3:
        return None
    kept = blocks[: at[-1] + 1]
    return _with(report.document, [*kept, *(_plain(line) for line in _ANNEX)])


def unsigned(report: Annotated, pick: int) -> Document | None:
    """Neither signature nor date."""
    at = _end_of_items(report)
    rest = report.document.blocks[at:] if at else ()
    if not rest or len(rest) > 4 or any(len(block.text) > 40 or block.rows for block in rest):
        return None
    return _with(report.document, list(report.document.blocks[:at]))


def entries_unmarked(report: Annotated, pick: int) -> Document | None:
    """（一） is lost from the items."""
    marked = _mark(report)
    changed = {}
    for at in {*marked.lacking, *marked.planned}:
        if match := _ENTRY.match(marked.blocks[at].text):
            changed[at] = marked.blocks[at].text[match.end() :]
    return _change(report, changed)


def entries_renumbered(report: Annotated, pick: int) -> Document | None:
    """The items count by other marks."""
    marked = _mark(report)
    changed: dict[int, str] = {}
    for places in (marked.lacking, marked.planned):
        count = 0
        for at in dict.fromkeys(places):
            if match := _ENTRY.match(marked.blocks[at].text):
                count += 1
                numeral = _NUMERALS[(count - 1) % 10]
                mark = (
                    f"{count}.",
                    f"{numeral}是",
                    f"{count}）",
                    f"第{numeral}，",
                    f"{chr(0x245F + count)}",
                )[pick % 5]
                changed[at] = mark + marked.blocks[at].text[match.end() :]
    return _change(report, changed)


def _renamed(report: Annotated, kind: str, pick: int, names: tuple[str, ...]) -> Document | None:
    marked = _mark(report)
    at = marked.heading_over(marked.lacking if kind == "shortcomings" else marked.planned)
    if at is None:
        return None
    words = marked.blocks[at].text
    if _ENTRY.match(words) is None and _TOP.match(words) is None and marked.blocks[at].heading is None:
        return None
    match = _ENTRY.match(words) or _TOP.match(words)
    return _change(report, {at: (match[0] if match else "") + names[pick % len(names)]})


def plans_renamed(report: Annotated, pick: int) -> Document | None:
    """The heading of the plans in other words."""
    return _renamed(report, "plans", pick, PLAN_HEADINGS)


def shortcomings_renamed(report: Annotated, pick: int) -> Document | None:
    """The heading of the shortcomings in other words."""
    return _renamed(report, "shortcomings", pick, LACK_HEADINGS)


def introduced(report: Annotated, pick: int) -> Document | None:
    """A sentence of introduction before the plans."""
    marked = _mark(report)
    at = marked.heading_over(marked.planned)
    if at is None or at + 1 != marked.planned[0]:
        return None
    blocks = list(marked.blocks)
    blocks.insert(at + 1, _plain(INTRODUCTIONS[pick % len(INTRODUCTIONS)]))
    return _with(report.document, blocks)


def _as_text(report: Annotated, *, indent: str, width: int | None) -> Document | None:
    lines: list[str] = []
    for block in report.document.blocks:
        if block.rows:
            return None
        text = indent + block.number + block.text.replace("\n", "")
        step = width or len(text) or 1
        lines += [text[at : at + step] for at in range(0, len(text), step)]
    return document_from("\n".join(lines).encode(), f"{report.name}.txt")


def unindented(report: Annotated, pick: int) -> Document | None:
    """Plain text without indents."""
    return _as_text(report, indent="", width=None)


def wrapped_narrow(report: Annotated, pick: int) -> Document | None:
    """Plain text broken at 28 characters."""
    return _as_text(report, indent="　　", width=28)


def wrapped_wide(report: Annotated, pick: int) -> Document | None:
    """Plain text broken at 40 characters."""
    return _as_text(report, indent="　　", width=40)


def offices_below(report: Annotated, pick: int) -> Document | None:
    """A line below each plan says who is to do it, and by when."""
    marked = _mark(report)
    blocks = list(marked.blocks)
    places = sorted(set(marked.planned))
    if len(places) < 3 or len(places) != len(marked.planned) or any(blocks[at].rows for at in places):
        return None
    ends = [*places[1:], _end_of_items(report) or places[-1] + 1]
    year = (report.gold["year"] or 2023) + 1
    for count, end in reversed(list(enumerate(ends))):
        office, due = _OFFICES[(count + pick) % 6], _DUE[(2 * count + pick) % 6].format(year)
        line = (
            f"责任科室：{office}；完成时限：{due}",
            f"（责任单位：{office}，完成时间：{due}）",
            f"牵头单位：{office}，配合单位：各有关科室",
        )[pick % 3]
        blocks.insert(end, _plain(line))
    return _with(report.document, blocks)


def offices_in_a_sentence(report: Annotated, pick: int) -> Document | None:
    """A sentence after the plans says who is to do them."""
    at = _end_of_items(report)
    if at is None:
        return None
    office, due = _OFFICES[pick % 6], _DUE[pick % 4].format((report.gold["year"] or 2023) + 1)
    blocks = list(report.document.blocks)
    blocks.insert(
        at,
        _plain(
            (
                f"以上各项由{office}牵头，各有关单位配合，{due}完成。",
                f"上述工作由{office}负责督促落实。",
                f"各科室要对照分工抓好落实，{due}将进展情况报{office}。",
            )[pick % 3]
        ),
    )
    return _with(report.document, blocks)


def reasons_for_all(report: Annotated, pick: int) -> tuple[Document, Gold] | None:
    """Reasons for all shortcomings in paragraphs of their own after the last."""
    marked = _mark(report)
    if not marked.lacking or any(item["cause"] for item in report.gold["shortcomings"]):
        return None
    source = Source.of(report.document)
    place = Folded(source.text).find(report.gold["shortcomings"][-1]["text"])
    if place is None or (marked.planned and marked.planned[0] <= marked.lacking[-1]):
        return None
    block = source.line_at(place[1] - 1).block
    at = next(at for at, one in enumerate(report.document.blocks) if one is block) + 1
    if block.rows:
        return None
    chosen = [_REASONS[(pick + step) % len(_REASONS)] for step in (0, 2, 4)]
    lead = _REASON_LEADS[pick % 4]
    if pick % 3 == 0:
        lines = [lead + "；".join(f"{_NUMERALS[n]}是{one}" for n, one in enumerate(chosen)) + "。"]
        cause = lines[0][len(lead) :]
    elif pick % 3 == 1:
        lines = [lead, *(f"{n}.{one}。" for n, one in enumerate(chosen, 1))]
        cause = "\n".join(lines[1:])
    else:
        lines = ["（三）原因分析", *(f"{one}。" for one in chosen)]
        cause = "\n".join(lines[1:])
    blocks = list(report.document.blocks)
    blocks[at:at] = [_plain(line) for line in lines]
    gold = dict(report.gold)
    gold["shortcomings"] = [{**item, "cause": cause} for item in gold["shortcomings"]]
    return _with(report.document, blocks), gold


def _parts(report: Annotated) -> tuple[int, int, int] | None:
    """Where the part of the shortcomings, that of the plans right after it, and what follows begin."""
    marked = _mark(report)
    lacking, planned = marked.heading_over(marked.lacking), marked.heading_over(marked.planned)
    end = _end_of_items(report)
    if lacking is None or planned is None or end is None or not lacking < planned < end:
        return None
    if not all(_TOP.match(marked.blocks[at].text) or marked.blocks[at].heading for at in (lacking, planned)):
        return None
    if marked.lacking[-1] > planned:
        return None
    return lacking, planned, end


def plans_first(report: Annotated, pick: int) -> Document | None:
    """The part of the plans stands before that of the shortcomings."""
    parts = _parts(report)
    if parts is None:
        return None
    lacking, planned, end = parts
    blocks = list(report.document.blocks)
    return _with(
        report.document, [*blocks[:lacking], *blocks[planned:end], *blocks[lacking:planned], *blocks[end:]]
    )


def headings_lost(report: Annotated, pick: int) -> Document | None:
    """No headings: sentences turn to the shortcomings and to the plans."""
    parts = _parts(report)
    if parts is None:
        return None
    lacking, planned, _ = parts
    blocks = list(report.document.blocks)
    blocks[lacking] = _plain(_OWN_TURNS[pick % 4])
    blocks[planned] = _plain(_PLAN_TURNS[pick % 4].format((report.gold["year"] or 2023) + 1))
    return _with(report.document, blocks)


def without_shortcomings(report: Annotated, pick: int) -> tuple[Document, Gold] | None:
    """The part of the shortcomings is not there."""
    parts = _parts(report)
    if parts is None:
        return None
    lacking, planned, _ = parts
    blocks = list(report.document.blocks)
    return _with(report.document, [*blocks[:lacking], *blocks[planned:]]), {**report.gold, "shortcomings": []}


def in_one_line(report: Annotated, pick: int) -> Document | None:
    """All paragraphs run together, with or without spaces between, as some pages give their text."""
    if any(block.rows for block in report.document.blocks):
        return None
    title, *rest = [
        block.number + block.text.replace("\n", "") for block in report.document.blocks if block.text
    ]
    run_on = unfolded([_plain(title), _plain(("　　" if pick % 2 else "").join(rest))])
    return _with(report.document, list(run_on))


def in_a_form(report: Annotated, pick: int) -> Document | None:
    """A form of two columns: the part's heading, and all it says."""
    blocks = report.document.blocks
    tops = [at for at, block in enumerate(blocks) if _TOP.match(block.text) and len(block.text) <= 40]
    if len(tops) < 2 or any(block.rows for block in blocks):
        return None
    out = io.StringIO()
    out.write("<html><meta charset='utf-8'><body>")
    out.writelines(f"<p>{block.number}{block.text}</p>" for block in blocks[: tops[0]])
    out.write("<table>")
    for start, end in pairwise([*tops, len(blocks)]):
        name = _TOP.sub("", blocks[start].text)
        inner = "".join(f"<p>{block.number}{block.text}</p>" for block in blocks[start + 1 : end])
        out.write(f"<tr><td>{name}</td><td>{inner}</td></tr>")
    out.write("</table></body></html>")
    return document_from(out.getvalue().encode(), f"{report.name}.html")


Mutation = Callable[[Annotated, int], Document | tuple[Document, Gold] | None]


def changed(name: str, report: Annotated, pick: int) -> tuple[Document, Gold] | None:
    """A report with one change, and what is then true of it; None where it has nothing to change."""
    found = MUTATIONS[name](report, pick)
    return (found, report.gold) if isinstance(found, Document) else found


MUTATIONS: dict[str, Mutation] = {
    change.__name__: change
    for change in (
        headings_first,
        headings_run_in,
        headings_bare,
        date_under_title,
        number_under_title,
        closing,
        closing_glued,
        signed_in_brackets,
        undated_with_annex,
        unsigned,
        entries_unmarked,
        entries_renumbered,
        plans_renamed,
        shortcomings_renamed,
        introduced,
        unindented,
        wrapped_narrow,
        wrapped_wide,
        offices_below,
        offices_in_a_sentence,
        reasons_for_all,
        plans_first,
        headings_lost,
        without_shortcomings,
        in_one_line,
        in_a_form,
    )
}
