"""What `mnemonist.nn` offers, each name loaded when it is first used: see `__init__.py`."""
