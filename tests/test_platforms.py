import asyncio

import pytest

from raftune.connections import Connections
from raftune.endpoints.keys import Keys
from raftune.endpoints.memory import EndpointMemory
from raftune.errors import ConfigError, StoreError
from raftune.ledger import Ledger
from raftune.meter import Meter
from raftune.platforms import deployment_of, hosted_settings, management_token, tuned_at
from raftune.roles import DeploymentConfig, HostedConfig


@pytest.fixture
def connections(tmp_path):
    ledger = Ledger(tmp_path / "ledger.sqlite")
    yield Connections(tmp_path, ledger, Meter(None), Keys(tmp_path), EndpointMemory(tmp_path / "endpoints.json"))
    ledger.close()


def test_azure_is_told_by_its_address_or_said(connections):
    azure = HostedConfig(model="m", base_url="https://x.openai.azure.com/openai/v1/", training_type="Standard")
    assert hosted_settings(azure, connections)["azure"]
    assert hosted_settings(azure, connections)["manner"].extra == (("trainingType", "Standard"),)
    assert not hosted_settings(HostedConfig(model="m"), connections)["azure"]
    assert hosted_settings(HostedConfig(model="m", azure=True), connections)["azure"]


def test_a_deployment_has_to_say_where():
    assert deployment_of(DeploymentConfig()) is None
    with pytest.raises(ConfigError, match="resource_group"):
        deployment_of(DeploymentConfig(name="x", subscription="s"))
    whole = DeploymentConfig(name="x", subscription="s", resource_group="g", account="a", management="http://h/")
    assert deployment_of(whole).url.startswith("http://h/subscriptions/s/")


def test_a_token_from_a_variable(tmp_path, monkeypatch):
    give = management_token(DeploymentConfig(name="x", token_variable="MANAGEMENT"), Keys(tmp_path))
    with pytest.raises(ConfigError, match="MANAGEMENT"):
        asyncio.run(give())
    monkeypatch.setenv("MANAGEMENT", "a-token-of-azure")
    assert asyncio.run(give()) == "a-token-of-azure"


def test_a_model_of_this_machine_is_none_of_a_platform(tmp_path):
    with pytest.raises(StoreError):
        tuned_at(tmp_path)
