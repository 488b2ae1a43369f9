"""Property tests judge what is computed, not how fast: on a busy machine slow inputs are no fault."""

from hypothesis import HealthCheck, settings

from raftune.endpoints import keys

settings.register_profile("raftune", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("raftune")


def pytest_runtest_teardown() -> None:
    """No test hides what was a key in another one."""
    keys._handed_out.clear()
