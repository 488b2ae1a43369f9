"""Servers that tests and benchmarks run against: real HTTP on loopback, never a mock."""
