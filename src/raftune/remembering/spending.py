"""What a number of calls used and cost."""

from dataclasses import dataclass


@dataclass
class Spending:
    """Calls, tokens read and written, dollars where the price is known; `unpriced` counts the calls without one."""

    requests: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    dollars: float = 0.0
    unpriced: int = 0

    def __add__(self, other: "Spending") -> "Spending":
        return Spending(
            self.requests + other.requests,
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
            self.dollars + other.dollars,
            self.unpriced + other.unpriced,
        )


def money(dollars: float) -> str:
    """Dollars with cents, and below ten cents with a hundredth of a cent."""
    return f"${dollars:,.2f}" if dollars >= 0.1 or dollars == 0 else f"${dollars:.4f}"
