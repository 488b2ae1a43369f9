"""Parquet: the columns of the Hugging Face folder, in fewer bytes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from raftune.exporters import COLUMNS, LISTS, MESSAGES, NUMBERS, Row, with_facts
from raftune.models.extras import optional
from raftune.prompts.raft import RaftPrompt
from raftune.records import Example

ROWS_AT_ONCE = 1000


class Parquet:
    """Rows in groups of a thousand, compressed by Zstandard."""

    extension = ".parquet"
    folder = "data"
    trainers: tuple[str, ...] = ("trl",)
    hosted = False
    columns: tuple[str, ...] = ()

    def row(self, example: Example, prompt: RaftPrompt) -> Row:
        """Prompt, completion and all that is known about the example."""
        return with_facts(example, prompt)

    @contextmanager
    def writing(self, file: BinaryIO) -> Iterator[Callable[[Row], object]]:
        """A function that appends a row. Raises MissingExtra."""
        arrow, parquet = optional("pyarrow", "parquet"), optional("pyarrow.parquet", "parquet")
        columns, waiting = schema(arrow), list[Row]()
        with parquet.ParquetWriter(file, columns, compression="zstd") as writer:

            def flush() -> None:
                writer.write_table(arrow.Table.from_pylist(waiting, schema=columns))
                waiting.clear()

            def add(row: Row) -> None:
                waiting.append(row)
                if len(waiting) == ROWS_AT_ONCE:
                    flush()

            yield add
            flush()


def schema(arrow: Any) -> Any:
    """The columns' types, the same in every file, also where a column is empty."""
    text, number = arrow.string(), arrow.int64()
    message = arrow.struct([("role", text), ("content", text)])
    kinds = dict.fromkeys(COLUMNS, text) | dict.fromkeys(NUMBERS, number) | dict.fromkeys(LISTS, arrow.list_(text))
    kinds |= dict.fromkeys(MESSAGES, arrow.list_(message))
    return arrow.schema([(name, kinds[name]) for name in COLUMNS])


plug = Parquet()
