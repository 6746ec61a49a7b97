"""Dynamics: how a state moves until it rests, and what that asks of a model."""
