"""What `make mutants` found: the share of mutants some test noticed, and the names of the others. Floor: 95 %.

Mutants no test can notice are left out by the patterns of [tool.mutmut] in pyproject.toml, each with its reason.
"""

import json
import sys
from collections import Counter
from pathlib import Path

FLOOR = 0.95
KILLED = {1, 3, 24, -24, 36, 152, 255}
"""How mutmut remembers a test that failed, or ran out of time."""


def main() -> int:
    """Print the figures of each module; 1 where they lie under the floor."""
    killed, total, left = Counter[str](), Counter[str](), list[str]()
    for meta in sorted(Path("mutants").rglob("*.py.meta")):
        for name, code in json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"].items():
            module = name.rpartition(".")[0]
            total[module] += 1
            if code in KILLED:
                killed[module] += 1
            else:
                left.append(f"{name}{'' if code == 0 else f' (not tried: {code})'}")
    lines = [f"{module}: {killed[module]} of {total[module]}" for module in total]
    share = killed.total() / (total.total() or 1)
    print(*left, *lines, f"noticed: {killed.total()} of {total.total()}, {share:.1%}", sep="\n")
    return 0 if share >= FLOOR else 1


if __name__ == "__main__":
    sys.exit(main())
