import asyncio

import pytest

from raftune.errors import ProviderError
from raftune.hosting.azure import Deployment, deploy, undeploy
from tests.hosting.double import KEY, Double, standing


async def token():
    return KEY


def deployment(address):
    return Deployment("sub", "group", "account", "bank", management=address)


def test_made_waited_for_and_taken_down():
    double = Double(refusals={"PUT bank": [(409, {}), (429, {}), (500, {})]})
    with standing(double) as address:
        asyncio.run(deploy(deployment(address), "ft:x", token, 0.01))
        assert double.deployments["bank"]["sku"] == {"name": "Standard", "capacity": 1}
        assert asyncio.run(undeploy(deployment(address), token, 0.01))
        assert not asyncio.run(undeploy(deployment(address), token, 0.01))
    assert double.deployments == {}


@pytest.mark.parametrize(("status", "words"), [(403, "may not deploy"), (404, "no such resource"), (400, "refuses")])
def test_refusals_are_sentences(status, words):
    double = Double(refusals={"PUT bank": [(status, {})]})
    with standing(double) as address, pytest.raises(ProviderError, match=words):
        asyncio.run(deploy(deployment(address), "ft:x", token, 0.01))
    assert len(double.headers) == 1


def test_names_cannot_lead_elsewhere():
    made = Deployment("../s", "g/../../x", "a?b", "n#c")
    assert "/../" not in made.url
    assert made.url.count("?") == 1
    assert "#" not in made.url
