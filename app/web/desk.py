"""What waits for whoever is signed in, told on every page."""

from app.web.page_request import Visit
from rectification.lists.filters import TaskFilter
from rectification.lists.paging import count_tasks
from rectification.task.lifecycle import OPEN


def my_moves(visit: Visit) -> TaskFilter:
    """What is open and waits for this person (等您办理)."""
    heads_confirm = visit.policy.requires_unit_head
    return TaskFilter(waits_for=visit.actor, heads_confirm=heads_confirm, statuses=OPEN)


def awaiting(visit: Visit) -> int:
    """How many that are."""
    today, moves = visit.clock.today, my_moves(visit)
    return visit.of_bureau(
        ("count", moves), lambda: count_tasks(visit.session, today, actor=visit.actor, filters=moves)
    )
