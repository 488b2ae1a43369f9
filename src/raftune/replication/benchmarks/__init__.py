"""The data sets that can be run, one a file; each offers a `Benchmark` as `plug`."""
