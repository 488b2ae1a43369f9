"""A folder that `datasets.load_dataset` opens: JSON lines below data/, their columns named in the card."""

from raftune.exporters import COLUMNS, Lines, with_facts

plug = Lines(with_facts, trainers=("trl",), folder="data", columns=COLUMNS)
