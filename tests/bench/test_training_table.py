from bench.training_table import training_table

SETTING = {
    "document_tokens": 3000,
    "q": 25,
    "seconds_per_example": {"shared": 10.911, "trl_packed": 138.6, "activated_kept": 7.1},
    "peak_mb": {"shared": 8277, "trl_packed": 15492, "activated_kept": 8000},
    "ratio_to_trl_packed": 12.7,
    "ratio_to_activated_kept": 0.65,
    "achieved_gflops": {"shared": 101.5, "trl_packed": 29.2},
    "share_of_peak": {"shared": 0.64, "trl_packed": 0.18},
}
POINT = {"document_tokens": 500, "q": 2, "seconds_per_example": 4.731, "gain": 1.48, "formula": 1.46}


def test_each_arm_has_a_row_of_at_most_80_columns() -> None:
    lines = training_table({"student": "s", "gemm_peak_gflops": 158.0, "settings": [SETTING]}).splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[:2] == ["student s", "gemm_peak_gflops 158.0"]
    shared, packed, kept = (line.split() for line in lines[-3:])
    assert shared == ["3000", "25", "shared", "10.911", "-", "8277", "101.5", "0.64"]
    assert packed == ["3000", "25", "trl_packed", "138.6", "12.7", "15492", "29.2", "0.18"]
    assert kept[-2:] == ["-", "-"]


def test_each_point_of_growth_has_a_row() -> None:
    lines = training_table({"student": "s", "growth": [POINT, POINT | {"q": 25}]}).splitlines()
    assert max(map(len, lines)) <= 80
    assert [line.split()[1] for line in lines[-3:]] == ["q", "2", "25"]
