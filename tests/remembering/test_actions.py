import pytest

from raftune.remembering.actions import Action, Wanted, action_of, imported, packed, row_of


def stored(action: Action) -> list[object]:
    """A row as it comes from the file."""
    *others, request, result = row_of(action)
    return [*others, str(request).encode(), str(result).encode()]


def test_an_action_comes_back_from_its_row() -> None:
    action = Action("k", "chat", {"q": "항만"}, {"a": 1}, "run", "ask", "m", 1, 2, 0.5)
    found = action_of(tuple(stored(action)))
    assert (found.request, found.result, found.dollars) == ({"q": "항만"}, {"a": 1}, 0.5)


@pytest.mark.parametrize("place", [-1, -2])
def test_damage_is_seen(place: int) -> None:
    row = stored(Action("k", "chat", {"q": 1}, {"a": 1}))
    row[place] = b"{\xff"
    with pytest.raises(ValueError):  # noqa: PT011 - by the text or by its checksum
        action_of(tuple(row))


def test_texts_are_canonical() -> None:
    assert packed({"b": 1, "a": "항"}) == '{"a":"항","b":1}'
    assert packed("\ud83d") == '"\\ud83d"'


def test_an_imported_line_tells_model_and_tokens_where_it_has_them() -> None:
    reply = {"prompt_tokens": 3, "completion_tokens": "many"}
    action = imported({"key": "k", "request": {"model": "m"}, "result": reply}, "chat")
    assert (action.model, action.prompt_tokens, action.completion_tokens, action.origin) == ("m", 3, 0, "import")
    assert imported({"key": "k", "request": [], "result": []}, "chat").model == ""
    with pytest.raises(KeyError):
        imported({"key": "k", "request": {}}, "chat")


def test_conditions_name_only_what_is_wanted() -> None:
    assert Wanted().where == "TRUE"
    assert Wanted(kind="chat", before="2026").where == "kind = :kind AND time < :before"
