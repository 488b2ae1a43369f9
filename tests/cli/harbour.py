"""A small project with a PDF, files without pages to draw and one that is damaged; and its command line."""

from pathlib import Path

from typer.testing import CliRunner

from raftune.cli.main import app
from tests.pdf_files import Leaf, Printed, pdf_bytes

FEES = "The fee for berth {} in the northern harbour is {} coins per day."
SETTINGS = """\
[chunk]
splitter = "structure"
unit = "characters"
maximum = 300
minimum = 50
[teacher]
reasoning = false
"""


def make_project(folder: Path) -> Path:
    """The project's folder, nothing run yet."""
    documents = folder / "documents"
    documents.mkdir(parents=True)
    lines = [Printed(FEES.format(number, 100 + 7 * number), 700 - 20 * number) for number in range(4)]
    turned = [Printed("The ferry to the southern harbour leaves at nine on weekdays.", 600)]
    (documents / "harbour-fees.pdf").write_bytes(pdf_bytes([lines, Leaf(turned, rotate=90)], title="Fees"))
    (documents / "항만 규정.md").write_text(
        "# 항만 위원회\n\n북쪽 항만 위원회는 위원장 1명을 포함하여 9명 이내의 위원으로 구성한다.\n"
    )
    (documents / "broken.pdf").write_bytes(b"%PDF-1.4 and nothing more")
    (folder / "raftune.toml").write_text(SETTINGS)
    return folder


def raftune(folder: Path, *words: str) -> str:
    """What a command prints."""
    return CliRunner().invoke(app, [*words, "--project", str(folder)], catch_exceptions=False).output
