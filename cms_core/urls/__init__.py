"""URL configurations: one for public hosts, two for the administration's host."""
