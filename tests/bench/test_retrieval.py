from bench.retrieval import Collection, found

from raftune.retrievers.bm25 import plug


def test_shares_of_questions_and_of_right_texts() -> None:
    texts = ["ports", "ships", "fees", "bridges", "roads", "rails", "paths"]
    collection = Collection("en", texts, ["fees", "roads"], [{2, 6}, {0}])
    assert found(plug(), collection) == {"top_1": 0.5, "recall_at_5": 0.75}
