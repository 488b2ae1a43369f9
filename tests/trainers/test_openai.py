"""The hosted trainer against a platform that misbehaves as told, and against our own service."""

import json
from dataclasses import replace

import pytest

from raftune.costs import Price
from raftune.endpoints.endpoint import Address, Endpoint
from raftune.errors import ProviderError, TrainingError
from raftune.hosting.azure import Deployment
from raftune.hosting.platform import Manner, Platform
from raftune.ledger import Ledger
from tests.hosting.double import KEY, Double, standing
from tests.hosting.hosted_jobs import Known, job, trainer
from tests.serving.running import BASE, TOKEN
from tests.serving.tuning import tuning
from tests.tiny_model import PROMPT, make_examples


@pytest.fixture
def ledger(tmp_path):
    opened = Ledger(tmp_path / "ledger.sqlite")
    yield opened
    opened.close()


class Token(Known):
    """The key of our own service."""

    def value(self, name):
        return self.secret(TOKEN)


def test_our_own_service_is_a_platform(tmp_path, ledger):
    with tuning(tmp_path / "service") as up:
        platform = Platform(Endpoint(Address(f"{up.url}/v1", "THE_KEY"), Token()), ledger)
        settings = {"platform": platform, "model": BASE, "checkpoint": "best", "manner": Manner("ours", seconds=0.2)}
        told = []
        made = trainer("", ledger, **settings).train(job(tmp_path, progress=lambda *words: told.append(words)))
        facts = json.loads((tmp_path / "output" / "adapter" / "hosted.json").read_text())
        with up.client() as client:
            asked = [{"role": "user", "content": "What was the rate?"}]
            assert client.chat.completions.create(model=facts["model"], messages=asked).model == facts["model"]
            (there,) = client.fine_tuning.jobs.list().data
        assert there.hyperparameters.n_epochs == made.epochs == 2
        assert made.steps == len({done for done, _, _ in told if done})
        assert made.validation_loss > 0
        assert (tmp_path / "output" / "curves.svg").exists()
        again = trainer("", ledger, **settings | {"platform": replace(platform)}).train(job(tmp_path))
        assert again == made
        with up.client() as client:
            assert len(client.fine_tuning.jobs.list().data) == 1


@pytest.mark.parametrize(("which", "name"), [("last", "ft:gpt-tiny:o::ftjob-0"), ("best", "2"), ("3", "3")])
def test_the_checkpoint_that_is_asked_for(tmp_path, ledger, which, name):
    with standing(Double()) as address:
        trainer(address, ledger, checkpoint=which).train(job(tmp_path))
    facts = json.loads((tmp_path / "output" / "adapter" / "hosted.json").read_text())
    assert facts["model"].endswith(name)
    assert KEY not in json.dumps(facts)


def test_a_checkpoint_that_is_not_there(tmp_path, ledger):
    with standing(Double()) as address, pytest.raises(TrainingError, match="no checkpoint of step 8") as caught:
        trainer(address, ledger, checkpoint="8").train(job(tmp_path))
    assert "1, 2, 3" in caught.value.advice


@pytest.mark.parametrize("azure", [True, False])
def test_azure_wants_a_mark_and_others_none(tmp_path, ledger, azure):
    double = Double()
    manner = Manner("ours", (("trainingType", "Standard"),) if azure else (), 0.02)
    with standing(double) as address:
        trainer(address, ledger, azure=azure, manner=manner).train(job(tmp_path))
    assert all(content.startswith(b"\xef\xbb\xbf") == azure for content in double.contents.values())
    assert (double.jobs["ftjob-0"].get("trainingType") == "Standard") == azure


def test_rows_that_would_be_refused_are_not_sent(tmp_path, ledger):
    double = Double()
    with standing(double) as address, pytest.raises(TrainingError, match="10 is the least"):
        trainer(address, ledger).train(job(tmp_path, sets=2))
    assert double.headers == []


def test_a_run_that_is_stopped_leaves_the_job_at_work(tmp_path, ledger):
    def stop(*_):
        raise TrainingError("Training was stopped.", "Run again.")

    with standing(Double()) as address, pytest.raises(TrainingError, match="goes on at"):
        trainer(address, ledger).train(job(tmp_path, progress=stop))


def test_a_quote_knows_tokens_and_dollars_only_where_they_are_known(ledger):
    examples = make_examples(1, 2)
    unknown = trainer("http://127.0.0.1:1", ledger).quote(examples, "", PROMPT, {"epochs": 2})
    assert unknown.dollars is None
    assert unknown.prompt_tokens > unknown.answer_tokens > 0
    price = Price(1.0, 1.0, training=3.0, training_minimum=0.5)
    known = trainer("http://127.0.0.1:1", ledger, price=price).quote(examples, "", PROMPT, {"epochs": 2})
    assert known.dollars == 0.5


def deployment(address):
    return Deployment("sub", "group", "account", "our bank", management=address)


async def token():
    return KEY


def test_a_tuned_model_is_deployed_and_asked_by_the_deployment_s_name(tmp_path, ledger):
    double, told = Double(deployment_states=("Creating", "Creating", "Succeeded")), []
    with standing(double) as address:
        changes = {"deployment": deployment(address), "token": token, "price": Price(1, 1, hosting=1.7)}
        trainer(address, ledger, azure=True, **changes).train(job(tmp_path, progress=lambda *w: told.append(w[2])))
    (asked,) = double.deployments.values()
    assert asked["properties"]["model"]["name"] == "ft:gpt-tiny:o::ftjob-0"
    assert asked["path"].endswith("/accounts/account/deployments/our%20bank")
    facts = json.loads((tmp_path / "output" / "adapter" / "hosted.json").read_text())
    assert facts["model"] == "our bank"
    assert "1.70 dollars an hour" in told[-1]


def test_a_deployment_that_fails(tmp_path, ledger):
    with standing(Double(deployment_states=("Creating", "Failed"))) as address:
        changes = {"deployment": deployment(address), "token": token}
        with pytest.raises(TrainingError, match="is failed"):
            trainer(address, ledger, **changes).train(job(tmp_path))


def test_an_account_that_may_not_deploy(tmp_path, ledger):
    double = Double(refusals={"PUT our bank": [(403, {})]})
    with standing(double) as address, pytest.raises(ProviderError, match="may not deploy"):
        trainer(address, ledger, deployment=deployment(address), token=token).train(job(tmp_path))
