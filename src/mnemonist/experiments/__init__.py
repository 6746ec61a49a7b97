"""Experiments: a config in, rows out; seeded, so that the same config gives the same rows."""
