"""The nouns of a report are stored like any other row."""

from raftune.report_records import DatasetDescription, Report
from tests.made_description import make_description


def test_a_report_comes_back_with_its_description() -> None:
    report = Report(
        name="규정",
        verdict="better",
        helped=True,
        systems=("base", "tuned"),
        metrics=(),
        differences=(),
        facts=(("seed", "0"),),
        language="ko",
        description=make_description(),
    )
    found = Report.from_row(report.to_row())
    assert found == report
    assert isinstance(found.description, DatasetDescription)
    assert found.description.id == make_description().id
