"""Readout: how patterns are read by states. One reader, chosen when a model is made."""
