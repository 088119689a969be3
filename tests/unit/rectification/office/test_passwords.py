"""What a stolen table of passwords costs to try: the work that each hash takes."""

import re

from rectification.office import signin


def test_a_password_is_hashed_with_much_memory_and_never_twice_alike() -> None:
    first, second = (signin.hash_password("秋天的路边有一排银杏", login="other") for _ in range(2))

    found = re.match(r"\$argon2id\$v=19\$m=(\d+),t=(\d+),p=\d+\$", first)
    assert found is not None
    assert int(found[1]) >= 65_536
    assert int(found[2]) >= 3
    assert first != second
