"""Archives: memories read back from files. Read, described, checked, and only then made; nothing is ever unpickled."""
