"""What an action asks for: one VerbForm a verb, from which its page, its API body and its command are made.

A field's key is the verb's own parameter. Who may act, and when, stands in TRANSITIONS alone. No session here, and
nothing heavy: the command line reads this table before it can say `--help`.
"""

from rectification.verb_forms.shape import Field, Kind, VerbForm, entries, some_of
from rectification.verb_forms.table import ENTRY, FORMS, words_label

__all__ = ["ENTRY", "FORMS", "Field", "Kind", "VerbForm", "entries", "some_of", "words_label"]
