"""Text from a model on this machine: many requests together, documents read once, adapters side by side."""
