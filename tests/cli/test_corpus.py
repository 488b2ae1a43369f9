"""What became of the files, in 80 columns."""

from collections import Counter

from raftune.cli import corpus
from raftune.cli.layout import COLUMNS, width
from raftune.overview import FileStatus, totals_of

LONG = "아주 긴 이름의 문서 " * 4 + "끝.pdf"
READ = FileStatus("a.pdf", "read", "PDF", 1, 222, Counter(text=218, ocr=4), [(3, "dim"), (9, "dimmer")])
REFUSED = FileStatus(LONG, "refused", reason="damaged", detail="It is damaged. Save it again. " * 5)
NEW = FileStatus("new.md", "new")


def test_a_summary_names_ways_warnings_and_refusals() -> None:
    files = [READ, REFUSED, NEW]
    lines = list(corpus.summary_lines(files, totals_of(files), 10.0))
    assert lines[0] == "files     2 in = 1 read + 1 refused; 1 more came since"
    assert lines[1] == "pages     222: text 218, ocr 4; 22.2 pages/s"
    assert lines[2:4] == ["warnings  a.pdf", "            2 warnings, the first on page 3: dim"]
    assert lines[4].startswith("refused   아주")
    assert max(map(width, lines)) <= COLUMNS


def test_the_table_has_a_line_a_file() -> None:
    lines = list(corpus.table([READ, REFUSED, NEW], everything=False))
    assert lines[1].split() == ["a.pdf", "PDF", "222", "text", "218,", "ocr", "4"]
    assert lines[2] == "    2 warnings, the first on page 3: dim"
    assert lines[3].endswith("refused: damaged")
    assert lines[-1].endswith("not read yet")
    assert max(map(width, lines)) <= COLUMNS


def test_of_many_files_those_in_trouble_are_shown() -> None:
    many = [FileStatus(f"{number:03}.md", "read", "Markdown", 1, 1, Counter(native=1)) for number in range(100)]
    files = [*many, REFUSED]
    lines = list(corpus.table(files, everything=False))
    assert any("refused: damaged" in line for line in lines)
    assert lines[-1] == "and 61 more: raftune status --all"
    assert len(list(corpus.table(files, everything=True))) > 100


def test_a_long_list_of_refusals_is_cut() -> None:
    files = [FileStatus(f"{number}.bin", "refused", reason="unknown kind") for number in range(50)]
    assert list(corpus.summary_lines(files, totals_of(files), None))[-1].strip() == "and 10 more: raftune status --all"
