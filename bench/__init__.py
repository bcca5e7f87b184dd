"""Benchmarks: each ``bench_*.py`` prints its load, both sides, and one last line ``ratio N.NN``."""
