"""Proverbs come back from damage, and strangers are turned away."""

import re

import pytest

from examples import text_memory as example


def test_it_prints_what_comes_back_and_what_does_not(capsys: pytest.CaptureFixture[str]) -> None:
    example.main(cues=25)
    text = capsys.readouterr().out
    lines = re.findall(r"^(.{15})\s+([\d.]+)%\s+([\d.]+)%\s+([\d.]+)%\s+([\d.]+)%\s+([\d.]+)%$", text, re.MULTILINE)
    assert [name.strip() for name, *_ in lines] == list(example.DAMAGES)
    for _, found, _, wrongly, strangers, _ in lines:
        assert float(found) >= 80
        assert float(wrongly) <= 10
        assert float(strangers) <= 10
    assert "'the quarterly report is late': nothing I know" in text
    assert "A soft answer turneth away wrath" in text
