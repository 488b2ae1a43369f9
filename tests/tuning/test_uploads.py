import asyncio

import pytest

from raftune.tuning.uploads import TooLarge, Uploads


async def parts(*given):
    for part in given:
        if isinstance(part, Exception):
            raise part
        yield part


def add(uploads, *given, most=100, name="a.jsonl"):
    return asyncio.run(uploads.add(parts(*given), name, "fine-tune", most))


def test_what_was_kept_is_found_again(tmp_path):
    made = add(Uploads(tmp_path), b"one\n", b"two\n")
    again = Uploads(tmp_path)
    assert again.find(made.id) == made
    assert again.path(made).read_bytes() == b"one\ntwo\n"
    assert again.all() == [made]
    again.remove(made)
    assert again.find(made.id) is None
    assert list(tmp_path.iterdir()) == []


def test_nothing_stays_of_what_was_too_large_or_broke_off(tmp_path):
    uploads = Uploads(tmp_path)
    with pytest.raises(TooLarge):
        add(uploads, b"x" * 60, b"x" * 60)
    with pytest.raises(ConnectionError):
        add(uploads, b"x", ConnectionError("gone"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["../../x", "file-..", "file-" + "g" * 24, "", "file-" + "0" * 24 + "/.."])
def test_other_names_are_no_files(tmp_path, name):
    (tmp_path / "x.json").write_text("{}")
    assert Uploads(tmp_path / "files").find(name) is None


def test_names_are_shown_without_what_a_terminal_would_obey(tmp_path):
    assert add(Uploads(tmp_path), b"x", name="a\x1b[31m\nb" + "c" * 300).filename.isprintable()


def test_bytes_without_their_description_are_not_there(tmp_path):
    made = add(Uploads(tmp_path), b"x")
    (tmp_path / f"{made.id}.json").write_text("{")
    assert Uploads(tmp_path).find(made.id) is None
    assert Uploads(tmp_path).all() == []
