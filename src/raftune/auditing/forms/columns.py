"""raftune's table with named columns: its Hugging Face folder and Parquet export."""

from raftune.auditing.forms import Parts, Row, words_of
from raftune.prompts.raft import ANSWER, BEGIN, END


class Columns:
    """Every fact about a row has its own column."""

    name = "columns"

    def accepts(self, row: Row) -> bool:
        """Whether the columns are there that no other form has."""
        return {"question", "documents", "oracle", "quotes", "final"} <= row.keys()

    def read(self, row: Row) -> Parts:
        """All that the row tells. Raises ValueError, KeyError or TypeError if it is broken."""
        documents = tuple(words_of(text) for text in row["documents"])
        quotes = tuple(words_of(text) for text in row["quotes"])
        return Parts(
            question=words_of(row["question"]),
            documents=documents,
            target=target_of(quotes, str(row.get("reasoning") or ""), words_of(row["final"])),
            final=words_of(row["final"]),
            quotes=quotes,
            reasoning=str(row.get("reasoning") or ""),
            language=row.get("language") if row.get("language") in ("en", "ko") else None,
            shown=row["oracle"] is not None if documents else None,
            place=place_of(row["oracle"], documents),
            group=str(row.get("group") or ""),
            split=str(row.get("split") or ""),
            draw=int(row.get("draw") or 0),
            call=row.get("kind") == "call",
        )


def target_of(quotes: tuple[str, ...], reasoning: str, final: str) -> str:
    """What is learned, as the prompt writes it."""
    quoted = " ".join(f"{BEGIN}{quote}{END}" for quote in quotes)
    return "\n".join(part for part in (quoted, reasoning, f"{ANSWER} {final}") if part)


def place_of(oracle: object, documents: tuple[str, ...]) -> int | None:
    """The index of the oracle. Raises ValueError where no document stands."""
    if oracle is None:
        return None
    if not isinstance(oracle, int) or not 0 <= oracle < len(documents):
        raise ValueError(f"no document stands at the oracle's place ({oracle})")
    return oracle
