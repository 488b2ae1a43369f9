from raftune.render.page import html, strings
from raftune.render.robustness import is_sweep, sweeps_of, system_words
from tests.made_up import make_examples, make_predictions, make_report

SKILLS = {
    "base": (0.2, False), "tuned": (0.8, True), "tuned:closed": (0.1, True),
    "base:k1": (0.2, True), "base:k4": (0.1, True), "tuned:k1": (0.9, True), "tuned:k2": (0.9, True),
    "tuned:k4": (0.7, True), "tuned:k1-absent": (0.5, True), "tuned:k4-absent": (0.5, True),
    "tuned:k2-first": (0.5, True),
}  # fmt: skip


def swept(folder):
    examples = make_examples(40)
    return make_report(folder, make_predictions(examples, SKILLS), examples)


def test_lines_join_the_means_of_a_model_by_k(tmp_path):
    report = swept(tmp_path)
    present, quotes, absent = sweeps_of(report)
    assert (present.metric, quotes.metric, absent.metric) == (
        "token_f1_lenient", "quote_from_oracle", "abstention_recall",
    )  # fmt: skip
    assert (present.counts, present.absent, absent.counts, absent.absent) == ((1, 2, 4), False, (1, 4), True)
    lines = {line.model: [point.k for point in line.points] for line in present.lines}
    assert lines == {"base": [1, 4], "tuned": [1, 2, 4]}
    for line in present.lines:
        for point in line.points:
            (mean,) = (
                one
                for one in report.metrics
                if (one.metric, one.system) == ("token_f1_lenient", f"{line.model}:k{point.k}")
            )
            assert point.mean == mean
            assert abs(float(point.y.rstrip("%")) - 100 * (1 - mean.value)) < 0.01
    assert [point.x for point in lines_of(present, "tuned").points] == ["0.00%", "50.00%", "100.00%"]


def lines_of(sweep, model):
    return next(line for line in sweep.lines if line.model == model)


def test_the_page_shows_them_apart_from_the_systems(tmp_path):
    report = swept(tmp_path)
    page = html(report, {})
    assert 'id="sweeps"' in page
    assert "Tuned model, no documents" in page
    assert page.count("<polyline") == 2 + 2 + 1
    plain = report.model_copy(update={"metrics": tuple(one for one in report.metrics if not is_sweep(one.system))})
    assert 'id="sweeps"' not in html(plain, {})


def test_systems_are_named_in_both_languages():
    assert system_words("tuned", strings("en")) == "Tuned model"
    assert system_words("base:oracle", strings("en")) == "Base model, the right document alone"
    assert system_words("tuned:k4-first", strings("en")) == "Tuned model, 4 distractors, right document first"
    assert system_words("tuned:k4-absent", strings("ko")) == "튜닝한 모델, 방해 문서 4개, 정답 문서 없음"
    assert system_words("other", strings("ko")) == "other"


def test_every_system_has_a_name_for_readers():
    texts = strings("en")
    assert system_words("dsf:closed", texts) == "Tuned without documents, no documents"
    assert system_words("tuned:r4", texts) == "Tuned model, 4 passages found"
    assert system_words("rival", texts) == "rival"
