from raftune.training.adapter import copies, trained
from raftune.training.run_state import RunState, put, resume, save
from tests.tiny_model import tiny_model
from tests.training.test_shared_prefix import tuned


def test_all_comes_back(tmp_path):
    import torch

    model = tuned(tiny_model())
    optimizer = torch.optim.AdamW(trained(model).values())
    for parameter in trained(model).values():
        parameter.grad = torch.ones_like(parameter)
    optimizer.step()
    state = RunState("run", step=3, way={"share": True}, lines=[[1, 0.5]], chosen={"step": 2}, worse=1)
    held = copies(trained(model))
    save(tmp_path, state, model, optimizer, held)
    expected = torch.rand(3)
    put(model, {name: torch.zeros_like(tensor) for name, tensor in held.items()})
    fresh = torch.optim.AdamW(trained(model).values())
    found, best = resume(tmp_path, "run", model, fresh)
    assert found == state
    assert torch.equal(torch.rand(3), expected)
    for tensors in (best, trained(model)):
        assert all(torch.equal(held[name], tensor) for name, tensor in tensors.items())
    slots = [state["exp_avg"] for state in fresh.state_dict()["state"].values()]
    assert torch.equal(slots[0], optimizer.state_dict()["state"][0]["exp_avg"])
    assert resume(tmp_path, "another", model, fresh) is None
