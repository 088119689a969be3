"""Which plans may answer a shortcoming: by the pairs of characters they share, rare ones counting more.

Words common to a whole report (法治, 建设, 工作) say nothing; what two items alone share says most.
"""

import math
import re
from collections import Counter

_ENOUGH = 0.3
_IN_ITS_PLACE = 0.18  # enough for the plan that stands where the shortcoming does, if none comes nearer
_AT_MOST = 3
_WIDEST = 200  # a pair that many plans hold tells nothing of any of them
_COMMON = re.compile(
    r"法治政府|法治|政府|建设|依法行政|工作|推[进动]|进一步|不够|不足|存在|问题|加[强大快]|提[升高]|全面|持续|扎实|深入|贯彻|落实|开展|需要|有待|部分|个别|方面|情况|积极|切实|以及|行政|强化|健全|完善|机制|最终"
    r"|[\W\d_]+"
)


def answers(shortcomings: list[str], plans: list[str]) -> list[tuple[int, ...]]:
    """For each shortcoming the indexes of plans that may answer it, best first; none where no plan comes near.

    Offices answer point by point: where there are as many plans, the one in the same place needs less likeness.
    """
    if not plans:
        return [()] * len(shortcomings)
    texts = [_pairs(text) for text in (*shortcomings, *plans)]
    spread = Counter(pair for pairs in texts for pair in pairs)
    rare = {count: math.log((len(texts) + 1) / count) for count in set(spread.values())}
    weight = {pair: rare[count] for pair, count in spread.items()}
    holding: dict[str, list[int]] = {}
    for place, pairs in enumerate(texts[len(shortcomings) :]):
        for pair in pairs:
            holding.setdefault(pair, []).append(place)
    in_step = len(plans) >= len(shortcomings)
    return [
        _best(pairs, holding, weight, place if in_step else None)
        for place, pairs in enumerate(texts[: len(shortcomings)])
    ]


def _best(
    pairs: set[str], holding: dict[str, list[int]], weight: dict[str, float], same: int | None
) -> tuple[int, ...]:
    scores: dict[int, float] = {}
    for pair in sorted(pairs):
        for place in holding.get(pair, [])[:_WIDEST]:
            scores[place] = scores.get(place, 0.0) + weight[pair]
    length = math.sqrt(sum(weight[pair] for pair in pairs)) or 1.0
    near = [(score, -place) for place, score in scores.items() if score / length >= _ENOUGH]
    near.sort(reverse=True)
    first = max(scores, key=lambda place: (scores[place], -place), default=None)
    if not near and first is not None and first == same and scores[first] / length >= _IN_ITS_PLACE:
        return (first,)
    return tuple(-place for score, place in near[:_AT_MOST] if score >= near[0][0] / 2)


def _pairs(text: str) -> set[str]:
    words = _COMMON.sub(" ", text[:2000])
    return {words[at : at + 2] for at in range(len(words) - 1) if " " not in words[at : at + 2]}
