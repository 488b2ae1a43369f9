"""All forms, the one that tells most first."""

from raftune.auditing.forms import Form, Row
from raftune.auditing.forms.alpaca import Alpaca
from raftune.auditing.forms.chat import Chat
from raftune.auditing.forms.columns import Columns
from raftune.auditing.forms.completion import Completion
from raftune.auditing.forms.example import Example
from raftune.auditing.forms.gorilla import Gorilla
from raftune.auditing.forms.sharegpt import ShareGpt

FORMS: tuple[Form, ...] = (Example(), Columns(), Gorilla(), Chat(), ShareGpt(), Completion(), Alpaca())


def form_of(row: Row) -> Form:
    """The form of a row. Raises ValueError when it is none that is known."""
    for form in FORMS:
        if form.accepts(row):
            return form
    raise ValueError(f"no form of a RAFT set has these fields: {', '.join(list(row)[:6]) or 'none'}")
