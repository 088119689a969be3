"""What an item's wording says about how it can be tracked."""

import re
from typing import Final

_LASTING: Final = re.compile(
    r"持续|不断|长期|常态化|长效|坚持不懈|常抓不懈|久久为功|一以贯之|始终坚持|逐年|每年|[三五]年(?:行动|计划|规划|攻坚|提升)|年行动"
    r"|[“\"']?十[三四五六]五[”\"']?|[“\"'][八九]五[”\"']?普法|20\d\d\s*[—–~-]\s*20\d\d"
)
_STUDY: Final = re.compile(
    r"学习|贯彻领会|学深悟透|理论武装|思想武装|思想建设|政治站位|政治建设|四个意识|四个自信|两个维护|两个确立|宣讲|研讨|入脑入心|凝心铸魂"
)
_PROVABLE: Final = re.compile(
    r"\d|执法|审批|许可|复议|诉讼|案[卷件]|整[治改]|监管|公开|审[查核]|平台|系统|制度|机制|清单|台账|配[备齐强]|人员|建立|制定|出台|修订|编制|印发|设立|组建|排查|清理|检查|考[试核]|轮训|培训班|举办|建成|督[查察]"
)


def implies_duration(text: str) -> bool:
    """Whether the words promise lasting work (持续, 不断, 三年行动, 十四五): such an item has checkpoints, not an end."""
    return bool(_LASTING.search(text))


def is_study_only(text: str) -> bool:
    """Whether an item promises study and attitude alone: nobody can prove it done, so archiving is proposed."""
    return bool(_STUDY.search(text)) and not _PROVABLE.search(text)
