"""Property tests judge what is computed, not how fast: on a busy machine slow inputs are no fault."""

from hypothesis import HealthCheck, settings

settings.register_profile("raftune", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("raftune")
