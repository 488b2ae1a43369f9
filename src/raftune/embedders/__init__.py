"""Turn texts into vectors, one file a way."""
