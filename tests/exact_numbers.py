"""Makes transformers compute in the model's own precision where it would go down to fp32 (norms, softmax)."""


def exact_numbers(monkeypatch):
    """Until the test ends, doubles stay doubles."""
    import torch

    to, softmax = torch.Tensor.to, torch.nn.functional.softmax

    def kept(tensor, *arguments, **named):
        if tensor.dtype == torch.float64 and (torch.float32 in arguments or named.get("dtype") == torch.float32):
            return tensor
        return to(tensor, *arguments, **named)

    def same(tensor, *arguments, dtype=None, **named):
        return softmax(tensor, *arguments, dtype=None if tensor.dtype == torch.float64 else dtype, **named)

    monkeypatch.setattr(torch.Tensor, "to", kept)
    monkeypatch.setattr(torch.Tensor, "float", lambda tensor: kept(tensor, torch.float32))
    monkeypatch.setattr(torch.nn.functional, "softmax", same)
