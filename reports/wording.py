"""What an item's wording says about how it can be tracked."""

import re
from typing import Final

_LASTING: Final = re.compile(
    r"持续|不断|长期|常态化|长效|坚持不懈|一以贯之|年行动|十[三四五六]五|[“\"']?十[三四五六]五[”\"']?规划"
)
_STUDY: Final = re.compile(
    r"(?:深入|认真|系统|全面|持续|扎实|组织)?(?:学习(?:宣传|贯彻|领会)|贯彻学习|学深悟透)|(?:思想|理论)武装|提高政治站位"
)
_OTHER_WORK: Final = re.compile(
    r"执法|审批|许可|复议|诉讼|案卷|整治|监管|公开|合法性审查|平台|系统|制度|清单|配备|人员"
)


def implies_duration(text: str) -> bool:
    """Whether the words promise lasting work (持续, 不断, 三年行动, 十四五): such an item has checkpoints, not an end."""
    return bool(_LASTING.search(text))


def is_study_only(text: str) -> bool:
    """Whether an item promises study and attitude alone: nobody can prove it done, so archiving is proposed."""
    return bool(_STUDY.search(text)) and not _OTHER_WORK.search(text)
