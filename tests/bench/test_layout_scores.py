import pytest
from bench.layout_scores import Scores, differences, macro_f1, scored, summary, surprises

from raftune.models.chat import invocation_tokens, prompt_text, token_ids
from raftune.models.weights import load_model
from raftune.prompts.raft import default_prompt
from raftune.training.rows import row_of
from tests.tiny_model import make_example, make_examples, save_tiny, save_tiny_adapter, tiny_model, tiny_tokenizer

LABELS = ("yes", "no", "maybe")


def plainly(model, tokens, labels):
    import torch

    with torch.no_grad():
        logits = model(input_ids=torch.tensor([tokens]), use_cache=False).logits[0, :-1].double()
    chosen = logits.log_softmax(-1).gather(1, torch.tensor(tokens[1:])[:, None])[:, 0]
    return -float(chosen[-labels:].sum())


def sequences_of(tokenizer):
    example = make_example(0, 0, final="maybe")
    row = row_of(example, tokenizer, default_prompt())
    asked = prompt_text(tokenizer, default_prompt().of_example(example))
    direct = [tuple(token_ids(tokenizer, f"{asked}<ANSWER>: {label}")) for label in LABELS]
    return [(row.tokens, row.labels), *((tokens, 2) for tokens in direct)]


@pytest.mark.parametrize("kind", ["base", "lora", "activated"])
def test_what_is_read_once_gives_what_whole_sequences_give(kind, tmp_path):
    tokenizer = tiny_tokenizer()
    opening = invocation_tokens(tokenizer)
    settings = {"alora_invocation_tokens": list(opening)} if kind == "activated" else {}
    base = save_tiny(tmp_path / "tiny")
    adapter = None if kind == "base" else save_tiny_adapter(base, tmp_path / "adapter", **settings)
    model, sequences = load_model(base, adapter), sequences_of(tokenizer)
    expected = [plainly(model, *sequence) for sequence in sequences]
    assert surprises(model, sequences, len(opening)) == pytest.approx(expected, rel=1e-4)
    if kind == "activated":
        other = [plainly(load_model(base), *sequence) for sequence in sequences]
        assert expected != pytest.approx(other, rel=1e-2)


def test_closed_and_free_answers():
    examples = [make_example(number, number, final=LABELS[number]) for number in range(3)]
    tokenizer, prompt = tiny_tokenizer(), default_prompt()
    closed = scored(tiny_model(), tokenizer, prompt, examples, LABELS)
    assert (len(closed.losses), len(closed.direct), len(closed.quoted)) == (3, 3, 3)
    assert set(closed.direct) | set(closed.quoted) <= set(LABELS)
    free = scored(tiny_model(), tokenizer, prompt, examples, ())
    assert free == Scores(free.losses)
    assert free.losses == pytest.approx(closed.losses, rel=1e-4)


def test_macro_f1_counts_a_label_that_is_never_given_as_nothing():
    right = ["yes"] * 27 + ["no"] * 17 + ["maybe"] * 6
    assert macro_f1(right, right, LABELS) == 1
    assert macro_f1(["yes"] * 50, right, LABELS) == pytest.approx(0.234, abs=5e-4)  # as the data's readme says


def test_differences_are_paired_and_by_passage():
    examples = [make_example(number, number // 2, final="yes") for number in range(20)]
    base = Scores((2.0,) * 20, ("no",) * 10 + ("yes",) * 10, ("yes",) * 20)
    losses = tuple(1.8 + 0.01 * (number % 5) for number in range(20))
    better = Scores(losses, ("yes",) * 20, ("yes",) * 20)
    found = differences(base, better, examples)
    low, middle, high = found["difference_loss"]
    assert middle == pytest.approx(-0.18)
    assert low < middle < high < 0
    assert found["difference_accuracy"][1] == 0.5
    assert found["difference_accuracy_after_quote"][1] == 0
    assert summary(base, examples, LABELS)["accuracy"] == 0.5
    assert set(differences(Scores(losses), Scores(losses), make_examples(4, 5))) == {"difference_loss"}
