"""How well a student does on held-out examples: loss of labels, likeliest of closed answers, paired differences.

The model's own code of transformers and PEFT computes all of it, whatever trained the adapter.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from raftune.digest import Json
from raftune.models.chat import invocation_tokens, prompt_text, token_ids
from raftune.prompts.raft import ANSWER, RaftPrompt
from raftune.records import Example
from raftune.statistics import paired_difference
from raftune.training.rows import common_length, row_of

Tokens = tuple[int, ...]


@dataclass(frozen=True)
class Scores:
    """By held-out example, in order: nats a labelled token, and where answers are closed the likeliest label.

    `direct` is behind the prompt and the answer mark, `quoted` behind the prompt, the true quotes and the mark. Where
    answers are open, `answers` are scores of replies by metric, None where it does not apply.
    """

    losses: tuple[float, ...]
    direct: tuple[str, ...] = ()
    quoted: tuple[str, ...] = ()
    answers: dict[str, tuple[float | None, ...]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Json]:
        """The fields as JSON."""
        return asdict(self)


def scored(
    model: Any, tokenizer: Any, prompt: RaftPrompt, examples: Sequence[Example], labels: Sequence[str]
) -> Scores:
    """The scores of a causal model, with or without a PEFT adapter. Takes one pass over each example's prompt."""
    losses: list[float] = []
    chosen: list[list[str]] = []
    for example in examples:
        row = row_of(example, tokenizer, prompt)
        asked = prompt_text(tokenizer, prompt.of_example(example))
        quoted = prompt.target(example).rpartition(ANSWER)[0]
        ways = [
            [tuple(token_ids(tokenizer, f"{asked}{lead}{ANSWER} {one}")) for one in labels] for lead in ("", quoted)
        ]
        closed = [(tokens, len(tokens) - common_length(way)) for way in ways if way for tokens in way]
        found = surprises(model, [(row.tokens, row.labels), *closed], len(invocation_tokens(tokenizer)))
        losses.append(round(found[0] / row.labels, 6))
        chosen.append([likeliest(labels, found[start:]) for start in range(1, len(found), len(labels) or 1)])
    return Scores(tuple(losses), *zip(*chosen, strict=True)) if labels else Scores(tuple(losses))


def likeliest(labels: Sequence[str], surprise: Sequence[float]) -> str:
    """The label with the least surprise."""
    return min(zip(surprise, labels, strict=False))[1]


def surprises(model: Any, sequences: Sequence[tuple[Tokens, int]], invocation: int) -> list[float]:
    """For (tokens, labels) the negative log-likelihood in nats of the last `labels` tokens, given those before.

    What all sequences begin with is read once. The `invocation` tokens that open an answer are read with each ending:
    an activated adapter looks for them in what it is given.
    """
    import torch
    from transformers import DynamicCache

    first = min(len(tokens) - labels for tokens, labels in sequences)
    shared = min(common_length([tokens for tokens, _ in sequences]), first) - max(1, invocation)
    found = []
    with torch.no_grad():
        cache = DynamicCache(config=model.config.get_text_config())
        model(input_ids=torch.tensor([sequences[0][0][:shared]]), cache=cache, logits_to_keep=1)
        for tokens, labels in sequences:
            ids = torch.tensor([tokens[shared:]])
            logits = model(input_ids=ids, cache=cache, logits_to_keep=labels + 1).logits[0, :-1]
            targets = torch.tensor(tokens[-labels:])
            found.append(float(torch.nn.functional.cross_entropy(logits.double(), targets, reduction="sum")))
            cache.crop(shared - len(tokens))
    return found


def summary(scores: Scores, examples: Sequence[Example], labels: Sequence[str]) -> dict[str, Json]:
    """Means over the held-out examples; accuracy and macro-F1 where answers are closed."""
    figures: dict[str, Json] = {"validation_loss": round(sum(scores.losses) / len(scores.losses), 4)}
    if labels:
        right = [example.final for example in examples]
        for suffix, given in (("", scores.direct), ("_after_quote", scores.quoted)):
            figures[f"accuracy{suffix}"] = round(sum(map(str.__eq__, given, right)) / len(right), 4)
            figures[f"macro_f1{suffix}"] = round(macro_f1(given, right, labels), 4)
    for metric, values in scores.answers.items():
        known = [value for value in values if value is not None]
        figures[metric] = round(sum(known) / len(known), 4)
    return figures


def macro_f1(given: Sequence[str], right: Sequence[str], labels: Sequence[str]) -> float:
    """The unweighted mean of the labels' F1; a label that is never given counts 0."""
    total = 0.0
    for label in labels:
        both = sum(one == other == label for one, other in zip(given, right, strict=True))
        named = given.count(label) + right.count(label)
        total += 2 * both / named if named else 0.0
    return total / len(labels)


def differences(base: Scores, other: Scores, examples: Sequence[Example], seed: int = 0) -> dict[str, Json]:
    """`other` - `base` as [low, middle, high] of 95 %, by whole passages: loss; accuracy if answers are closed."""
    groups = [example.group for example in examples]
    pairs = {"loss": (base.losses, other.losses)}
    if base.direct:
        right = [example.final for example in examples]
        pairs["accuracy"] = (hits(base.direct, right), hits(other.direct, right))
        pairs["accuracy_after_quote"] = (hits(base.quoted, right), hits(other.quoted, right))
    found = {name: paired_difference(*pair, groups, seed) for name, pair in pairs.items()}
    for metric in base.answers:
        both = zip(base.answers[metric], other.answers[metric], groups, strict=True)
        known = [(one, two, group) for one, two, group in both if one is not None and two is not None]
        found[metric] = paired_difference(*map(list, zip(*known, strict=True)), seed)
    return {f"difference_{name}": [one.low, one.value, one.high] for name, one in found.items()}


def hits(given: Sequence[str], right: Sequence[str]) -> tuple[float, ...]:
    """1 where the given label is right, else 0."""
    return tuple(float(one == other) for one, other in zip(given, right, strict=True))
