import json

from raftune import __version__
from raftune.artifact import in_memory
from raftune.manifest import manifest, version_of
from raftune.records import Example
from tests.made_up import make_example


def test_it_names_versions_settings_and_what_each_stage_made():
    examples = in_memory("assemble", Example, (make_example(),))
    found = json.loads(json.dumps(manifest({"seed": 3}, {"assemble": examples}, {"assemble": "k"}, {"assemble": 1.5})))
    assert found["raftune"] == __version__
    assert found["settings"] == {"seed": 3}
    assert found["packages"]["numpy"] == version_of("numpy")
    stage = {"key": "k", "digest": examples.digest, "rows": 1, "rejected": {}, "seconds": 1.5}
    assert found["stages"] == {"assemble": stage}


def test_a_package_that_is_not_there_has_no_version():
    assert version_of("no-such-package-anywhere") is None
