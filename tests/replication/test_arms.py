import re

import pytest

from raftune.errors import ConfigError
from raftune.replication.arms import MAIN, NAMES, SHARES, TESTED, TRAINED, arms_of


def test_the_main_arm_asks_the_five_systems_under_their_own_names():
    assert dict(MAIN.systems) == {name: name for name in NAMES}
    assert not MAIN.changes


def test_each_ablation_differs_in_one_thing():
    arms = arms_of(["reasoning", "oracle-share", "distractors"])
    assert [arm.bare for arm in arms] == [True] + [False] * (len(SHARES) + len(TRAINED))
    assert [arm.changes["oracle_share"] for arm in arms[1 : 1 + len(SHARES)]] == list(SHARES)
    assert [arm.changes["distractors"] for arm in arms[-len(TRAINED) :]] == list(TRAINED)
    assert list(arms[-1].systems.values()) == [f"tuned:k{count}" for count in TESTED]


def test_no_two_systems_have_the_same_name():
    arms = [MAIN, *arms_of(["reasoning", "oracle-share", "distractors"])]
    names = [name for arm in arms for name in arm.systems]
    assert len(names) == len(set(names))
    assert arms_of([]) == []


def test_values_take_the_place_of_the_usual_ones():
    assert [arm.changes for arm in arms_of(["oracle-share=0.25,1"])] == [{"oracle_share": 0.25}, {"oracle_share": 1}]
    assert [arm.name for arm in arms_of(["distractors=3", "distractors=3"])] == ["n=3"]


@pytest.mark.parametrize(
    "text", ["P", "reasoning=1", "oracle-share=x", "oracle-share=1.5", "distractors=0.5", "distractors=-1"]
)
def test_what_is_no_ablation_is_said(text):
    with pytest.raises(ConfigError, match=re.escape(repr(text))):
        arms_of([text])
