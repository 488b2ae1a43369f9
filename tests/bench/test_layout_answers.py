from bench.layout_answers import answered

from tests.tiny_model import make_examples, save_tiny, save_tiny_adapter


def test_replies_are_scored_where_a_metric_applies(tmp_path):
    folder = save_tiny(tmp_path / "tiny")
    examples = [*make_examples(1, 2), make_examples(1, 1)[0].changed(oracle=None, quotes=(), behaviour="abstain")]
    for adapter in (None, save_tiny_adapter(folder, tmp_path / "a")):
        found = answered(folder, adapter, examples)
        assert set(found) == {"quote_from_oracle", "token_f1_lenient"}
        assert [value is None for value in found["quote_from_oracle"]] == [False, False, True]
        assert all(value is None or 0 <= value <= 1 for values in found.values() for value in values)
