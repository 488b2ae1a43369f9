"""Requests that are handed in together and answered hours later: what a batched model is made of."""
