"""Where rows come from."""

from raftune.exporting.origin import licence_of


def test_a_files_own_licence_goes_before_patterns_in_their_order() -> None:
    licences = {"law/*": "KOGL 1", "*.pdf": "CC BY 4.0", "law/a.pdf": "CC0"}
    assert licence_of("law/a.pdf", licences) == "CC0"
    assert licence_of("law/b.pdf", licences) == "KOGL 1"
    assert licence_of("c.pdf", licences) == "CC BY 4.0"
    assert licence_of("c.md", licences) == ""
