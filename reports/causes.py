"""The reason a report itself gives for a shortcoming: inside its sentence, or for several at once."""

import re

from core.han import HAN
from core.numerals import number
from reports.enumeration import Mark
from reports.remarks import generic
from reports.sentences import blank_quotes, parts, sentences, trim
from reports.source import Stretch
from reports.turns import reason_lead

_CLAUSE = r"(?:^|(?<=[。；，;,、！\n：:（(]))[ \u3000]*"
_TO_THE_END = re.compile(
    rf"究其(?:主要|根本|深层次?)?(?:原因|根源)|(?:其|这|产生|存在|造成|出现)?(?:的)?(?:主要|根本|直接|深层次?|客观|主观|重要|一个)*(?:的)?原因(?:分析)?(?:主要)?(?:之一)?(?:是|在于|为|有|[：:]|包括|来自|归结)"
    rf"|(?:根源|症结|根子)(?:主要)?(?:是|在于|[：:]|出在)|{_CLAUSE}(?:这|其|这也?)?(?:主要|多|大多|多数|很大程度上|也|既)?(?:是(?:因为|由于)|在于|源于|缘于|归因于|起因于|归咎于)|(?<=[。；，;,\n])[ \u3000]*(?:这|其)?主要(?:是|由于|因为|因)(?!指|表现|体现|对象|集中)"
)
_IS_THE_REASON = re.compile(
    r"(?:这|也|均|都|又)?(?:是|成为)(?:其中|其|这)?(?:造成|导致|产生|出现|形成|制约)?[^。；，,;\n是]{0,30}?(?:的)?(?:主要|重要|根本|直接|关键|客观|深层次?|一个|又一)*(?:的)?"
    r"(?:原因|成因|根源|因素|主因)(?:之一|所在)?(?=[。；，;,\n]|$)"
)
_CLAUSE_END = re.compile(r"[。；，,;\n]")
_SENTENCE_END = re.compile(r"[。；;\n]")
_RELATED = re.compile(
    r"(?:这|主要)?(?:与|同|和|跟)(?P<reason>[^。；;\n]{2,60}?)(?:密切相关|直接相关|相关|有(?:很大|直接|一定|较大|密切)?(?:的)?关系?|分不开|不无关系)(?=[。；，;,\n]|$)"
)
_BOTH = re.compile(
    r"(?P<reason>(?:这)?既[与同和跟因][^。；;\n]{2,60}?(?:有关|相关)[，,]?(?:也|又|更|还)[与同和跟因][^。；;\n]{2,60}?(?:有关|相关)|既有[^。；;\n]{2,60}?[，,、]?(?:也|又|更|还)有[^。；;\n]{2,60}?(?:原因|因素|影响))(?=[。；，,;\n]|$)"
)
_UNDER = re.compile(
    r"受(?!理|教育|训|检|案|阅|限|到(?!.{1,30}(?:影响|制约|限制))|众|访|贿|让|益|托|处罚|伤|害|托)(?:到|制于|限于)?(?P<reason>[^。；;\n]{2,60}?)(?:(?:的)?(?:影响|制约|限制|所限|约束|掣肘|冲击))"
)
_BECAUSE = re.compile(
    rf"(?P<clear>由于|囿于|受限于|受制于|{_CLAUSE}(?:主要)?(?:因为|限于|碍于|鉴于|源于|缘于))|(?P<short>(?<![成原起诱病死外内归主基对])因(?!为|此|而|素|地制宜|人而|人施|企|事|案|时|势|校|村|公|果|子|特|应|缘|种|小失|循|噎))"
)
_EFFECT = re.compile(
    r"(?:，|,)?(?:从而|进而|因此|因而|所以|以致于?|以至于?|导致|致使|造成|使得|使|引起|引发|于是)"
)
_NO_EFFECT_YET = re.compile(r"^(?:且|加之|加上|再加上|以及|同时|又|也|并|叠加|和|特别是|尤其是|而且|另外)")
_SHORT_EFFECT = re.compile(rf"而(?=[{HAN}])|被(?=[{HAN}])|未能|不[能敢愿]|无法|难以")
_SINGLE_CASES = re.compile(r"[^，,。；;]{2,20}被[^，,。；;]{1,20}[\d一二两三四五]+\s?[件起宗]")
_BRINGS_ABOUT_A_THING = re.compile(r"[^，,。；;]{2,20}?(?:引发|导致|造成|引起|产生|形成)的")
_EXAMPLE = re.compile(
    r"(?:个别|某[个些一]?|有的|有\s?[\d一二两三]+|其中|例如|比如|如|[一1]\s?[起件宗名份次]|\d+\s?[起件宗名份次])[^，。；]{0,14}$"
)
_COUNTED = re.compile(r"\d\s?[起件宗名份次][，,]$")
_EXAMPLE_OF = re.compile(r"有|其中|个别|某|如")
_GOES_ON = re.compile(r"[^。；;\n，,]{2,60}[，,]")
_BROUGHT_ABOUT = re.compile(rf"(?<=[{HAN}])所?(?:造成|导致|引起|产生|形成)的$")
_NONE = re.compile(r"^[\s\-—–－/／\\、.。]*(?:无|暂无|没有|/)?[\s\-—–－/／\\、.。]*$")
_LEAD_ONLY = re.compile(r"[^，。；：:]{0,24}原因[^，。；：:]{0,8}[，：:]")
_REACH = 400
_BRACKET_TAIL = re.compile(r"[（(]([^（()）\n]{4,120})[)）][。；;，, \u3000]*$", re.MULTILINE)
_REASON_CUE = re.compile(
    r"(?:主要|根本|直接)?(?:的)?(?:原因|成因|根源|症结)|由于|因(?!此|而|素|地)|主要(?:是|在于)|源于|缘于"
)
_ALIKE = 0.34
_BY_CHANCE = 2  # as many reasons as shortcomings: with two of each it says nothing
_ONE_BY_ONE = re.compile(r"分别|依次|对应|逐一")
_WHICH = re.compile(
    r"^(?:对于?|针对|关于|就|上述|以上|前述|而)?(?:第|问题|不足|短板|上述第)?[（(]?([一二三四五六七八九十]{1,2}|\d{1,2})[)）]?(?:个|项|条|点|类|方面|种|是)*(?:的)?(?:问题|不足|短板|差距|方面)?"
)


def reason_in(text: str) -> Stretch | None:
    """The reason a shortcoming's own text gives, as a stretch of that text; None where it gives none.

    A reason announced (原因是, 主要是 …) runs to the end of its sentence; one that a clause gives (由于, 因, 受…影响)
    ends before the clause that says what came of it; the reason of a mere example is none.
    """
    neutral = blank_quotes(text)
    if match := _announced(neutral):
        return _clean(text, match)
    if (match := _is_the_reason(neutral)) or (match := _related(neutral)):
        return _clean(text, match)
    for sentence in sentences(neutral, Stretch(0, len(neutral))):
        if found := _in_clause(neutral, sentence):
            return _clean(text, found)
    return None


def without_lead(text: str, stretch: Stretch) -> Stretch:
    """A stretch of reasons without the words that only lead up to them."""
    inner = trim(text, stretch)
    start = inner.start + reason_lead(text[inner.start : inner.end])
    brought = _BROUGHT_ABOUT.search(text, max(start, inner.end - 8), inner.end)
    return trim(text, Stretch(start, brought.start() if brought else inner.end))


def is_none(cell: str) -> bool:
    """Whether a cell says that there is no reason ("—", "无")."""
    return bool(_NONE.match(cell))


def reason_in_brackets(text: str, *, told: bool) -> Stretch | None:
    """The reason in a bracket at the end of a shortcoming: announced there, or where the heading says so (`told`)."""
    match = _BRACKET_TAIL.search(text)
    return (
        without_lead(text, Stretch(*match.span(1)))
        if match and (told or _REASON_CUE.match(match[1]))
        else None
    )


def share_out(
    text: str,
    reasons: Stretch,
    marks: list[Mark],
    shortcomings: list[str],
    counted: list[str],
    named: list[str],
) -> list[Stretch | None]:
    """For each shortcoming the part of the reasons that is its own; the whole for each where they are general.

    They are its own where they name it, by number or in its words, where as many numbered paragraphs of reasons
    stand over against as many shortcomings, or where they are counted with the very marks of the shortcomings
    (`counted`; empty where the reasons have no part of their own). `named` are the parts that the shortcomings stand
    in ("执法监督方面"): reasons that name them are for all of that part.
    """
    count = len(shortcomings)
    whole: list[Stretch | None] = [without_lead(text, reasons)] * count
    pieces = _pieces(text, reasons, marks)
    if len(pieces) < 2 or count < 2:
        return whole
    if own := _by_name(text, pieces, shortcomings, named):
        return own
    head = text[reasons.start : min(reasons.end, pieces[0].start + 30)]
    in_paragraphs = bool(marks) and marks[0].leads
    alike = bool(counted) and [mark.printed for mark in marks if mark.style == marks[0].style] == counted
    marked = count > _BY_CHANCE and len([mark for mark in marks if mark.style == marks[0].style]) == count
    lined = "\n" in text[pieces[0].start : pieces[-1].start]
    if len(pieces) == count and (marked or lined or in_paragraphs or alike or _ONE_BY_ONE.search(head)):
        return [without_lead(text, piece) for piece in pieces]
    return whole


def _announced(neutral: str) -> Stretch | None:
    for match in _TO_THE_END.finditer(neutral):
        before = re.split(r"[。；;\n]", _before(neutral, match.start()))[-1]
        if "主要" in match[0] and "原因" not in match[0] and generic(before):
            continue
        if re.search(r"\S(?:查找|分析|查明|剖析|了解|说明|不明|何种|其他)$", before) and "原因" in match[0]:
            continue  # "未深入分析原因" is work left undone; "分析其原因：" at a sentence's head announces
        end = re.search(r"[。！\n]", neutral[match.end() :])
        stop = match.end() + end.start() if end else len(neutral)
        if neutral[match.end() : stop].strip(" ：:，,、"):
            return Stretch(match.end(), stop)
    return None


def _is_the_reason(neutral: str) -> Stretch | None:
    """ "编制紧张是主要原因": the clause before, or the one before that where this one only says 这."""
    for match in _IS_THE_REASON.finditer(neutral):
        above = _before(neutral, match.start()).rstrip("，, ")
        clause = _CLAUSE_END.split(above)[-1]
        said = _SENTENCE_END.split(above)
        if neutral[match.start() - 1] in "，," and match[0].startswith("是") and len(said) > 1:
            clause = said[-1]  # "A，B，是主要原因" in a sentence of its own: all that it names
        if not clause.strip("这也均都 "):
            above = above[: len(above) - len(clause)].rstrip("，,。；; ")
            clause = _SENTENCE_END.split(above)[-1]
        if clause.strip():
            end = match.start() - len(_before(neutral, match.start())) + len(above)
            return Stretch(end - len(clause), end)
    return None


def _related(neutral: str) -> Stretch | None:
    match = _BOTH.search(neutral) or _RELATED.search(neutral)
    return Stretch(*match.span("reason")) if match else None


def _in_clause(neutral: str, sentence: Stretch) -> Stretch | None:
    said = neutral[sentence.start : sentence.end]
    for match in _UNDER.finditer(said):
        if not _EXAMPLE.search(_before(said, match.start())):
            return Stretch(sentence.start + match.start("reason"), sentence.start + match.end("reason"))
    for match in _BECAUSE.finditer(said):
        before = _before(said, match.start())
        opens = not before.strip() or before.rstrip()[-1] in "，,；;、：:"
        clause = re.split(r"[，,；;]", before.rstrip("，, "))[-1]
        rest = said[match.end() : match.end() + _REACH]
        if _of_an_example(before, clause, rest):
            continue
        if match["short"] and _BRINGS_ABOUT_A_THING.match(rest):
            continue
        if match["short"] and not opens and not (len(clause) <= 24 and re.search(f"[{HAN}]$", clause)):
            continue
        if end := _where_it_ends(rest):
            return Stretch(sentence.start + match.end(), sentence.start + match.end() + end)
    return None


def _of_an_example(before: str, clause: str, rest: str) -> bool:
    """Whether a reason is that of a mere example ("有2件，因超期被撤销", "因超期被撤销2件").

    A count by itself is none where another clause says what came of it ("受理投诉187件，因主体不明，立案为零").
    """
    if _SINGLE_CASES.match(rest):
        return True
    if _COUNTED.search(before) and not _EXAMPLE_OF.search(clause) and _GOES_ON.match(rest):
        return False
    return bool(_EXAMPLE.search(clause) or _EXAMPLE.search(re.split(r"[，,；;]", before)[-1]))


def _before(text: str, at: int) -> str:
    """What stands just before a place; no further back than a sentence reaches, so that cost stays linear."""
    return text[max(0, at - _REACH) : at]


def _where_it_ends(rest: str) -> int:
    """How far a reason of the 由于 kind goes before what came of it is said."""
    rest = re.split(r"[。；;！\n]", rest, maxsplit=1)[0]
    if effect := _EFFECT.search(rest):
        return effect.start()
    clauses = re.split(r"[，,]", rest)
    if len(clauses) == 1:
        effect = _SHORT_EFFECT.search(rest)
        return effect.start() if effect else len(rest)
    added = [place for place, clause in enumerate(clauses[:-1]) if _NO_EFFECT_YET.match(clause)]
    return len(",".join(clauses[: max([0, *added]) + 1]))


def _clean(text: str, stretch: Stretch) -> Stretch | None:
    found = without_lead(text, stretch)
    tail = re.search(r"(?:等)?(?:的)?(?:原因|缘故|的影响)$", text[found.start : found.end])
    if tail and tail.start() > 2:  # 历史原因 is said of one piece
        found = trim(text, Stretch(found.start, found.start + tail.start()))
    return found if found.end - found.start >= 2 else None


def _pieces(text: str, reasons: Stretch, marks: list[Mark]) -> list[Stretch]:
    """The reasons one by one: by their marks, else by semicolons, else by sentences."""
    inside = [mark for mark in marks if reasons.start <= mark.at.start < reasons.end]
    outer = [mark for mark in inside if mark.style == inside[0].style] if inside else []
    if len(outer) > 1:
        ends = [mark.at.start for mark in outer[1:]] + [reasons.end]
        return [Stretch(mark.at.end, end) for mark, end in zip(outer, ends, strict=True)]
    lines = _lines(text, reasons)
    if len(lines) > 1:
        return lines
    by_semicolon = parts(text, reasons)
    return by_semicolon if len(by_semicolon) > 1 else sentences(text, reasons)


def _lines(text: str, stretch: Stretch) -> list[Stretch]:
    found, at = [], stretch.start
    for words in text[stretch.start : stretch.end].split("\n"):
        if words.strip():
            found.append(Stretch(at, at + len(words)))
        at += len(words) + 1
    return found


def _by_name(
    text: str, pieces: list[Stretch], shortcomings: list[str], named: list[str]
) -> list[Stretch | None] | None:
    """Reasons that each name what they are for: by its number, by the part it stands in, or in its own words."""
    own: list[Stretch | None] = [None] * len(shortcomings)
    for piece in pieces:
        lead = _LEAD_ONLY.match(text, piece.start, piece.end)
        said = trim(text, Stretch(lead.end() if lead else piece.start, piece.end))
        inner = reason_in(text[said.start : said.end])
        head = text[said.start : said.start + (inner.start if inner else 30)]
        meant, size = _meant(head, shortcomings, named)
        if not meant or any(own[place] for place in meant):
            return None
        for place in meant:
            own[place] = (
                Stretch(said.start + inner.start, said.start + inner.end)
                if inner
                else without_lead(text, Stretch(said.start + size, said.end))
            )
    return own


def _meant(head: str, shortcomings: list[str], named: list[str]) -> tuple[list[int], int]:
    """The shortcomings that the words before a reason name, and how many characters only name them."""
    if (match := _WHICH.match(head)) and re.search(r"第|问题|不足|[（(项条]", match[0]):
        which = number(match[1]) or 0
        return [which - 1] if which <= len(shortcomings) else [], match.end()
    if part := next((name for name in named if name and name in head), ""):
        return [place for place, name in enumerate(named) if name == part], head.index(part) + len(part)
    topic = _grams(head)
    scores = [len(topic & _grams(shortcoming)) / max(4, len(topic)) for shortcoming in shortcomings]
    best = max(scores)
    return ([scores.index(best)] if best >= _ALIKE else []), 0


def _grams(text: str) -> set[str]:
    words = re.sub(r"[\W_]+", "", text)
    return {words[i : i + 2] for i in range(len(words) - 1)}
