"""The first two seconds of a melody recall the song: a sequence memory holds three, and the beginning decides.

    python examples/melody.py [melody.png] [melody.wav]

A pattern is what was heard in the last nine eighths, and a place: bits of its own for each step of each song. Notes
and whole phrases come back in these songs, and what follows the second time is not what followed the first; the place
tells them apart. The cue is a silence and the first two seconds, with a fifth of the bits wrong, and knows no place.
The dense memory finds it and plays on to the end; the linear one, for which the songs are too long and too much alike,
loses the thread. With a second name, what the dense memory recalled is written as sound.
"""

import re
import sys
import wave
from typing import Any

import numpy as np

import mnemonist as mn
from mnemonist.plotting.canvas import INK, PALE, QUIET, RIGHT, WRONG, Canvas

SONGS = {  # a letter is a pitch ("," an octave lower), the number its length in eighth notes
    "Ode to Joy": "e2e2f2g2 g2f2e2d2 c2c2d2e2 e3d1d4  e2e2f2g2 g2f2e2d2 c2c2d2e2 d3c1c4"
    "  d2d2e2c2 d2e1f1e2c2 d2e1f1e2d2 c2d2g,4  e2e2f2g2 g2f2e2d2 c2c2d2e2 d3c1c4",
    "Twinkle, Twinkle": "c2c2g2g2 a2a2g4 f2f2e2e2 d2d2c4  g2g2f2f2 e2e2d4 g2g2f2f2 e2e2d4"
    "  c2c2g2g2 a2a2g4 f2f2e2e2 d2d2c4",
    "Frère Jacques": "c2d2e2c2 c2d2e2c2 e2f2g4 e2f2g4  g1a1g1f1e2c2 g1a1g1f1e2c2 c2g,2c4 c2g,2c4",
}
PITCHES = {"g,": 55, "c": 60, "d": 62, "e": 64, "f": 65, "g": 67, "a": 69}  # as MIDI counts them
SILENCE = (0, False)
STAFF = dict(zip(PITCHES.values(), (-3, 0, 1, 2, 3, 4, 5), strict=True))  # where a pitch is drawn
EIGHTH = 0.25  # seconds
BEGINNING = 8  # steps of a song in the cue: two seconds
WINDOW, CODE, PLACE = BEGINNING + 1, 24, 64  # steps in a pattern, bits of each, bits of the place
HEARD = WINDOW * CODE
RATE = 22050

BELOW = {
    "the cue": "2 s, 20 % of the\nbits wrong, no place",
    "linear": "memory, from\nthe cue on",
    "dense": "memory, from\nthe cue on",
}

Sound = tuple[int, bool]  # a pitch, and whether it begins here


def sounds(song: str) -> list[Sound]:
    """Return what sounds in each eighth of a song."""
    steps: list[Sound] = []
    for name, length in re.findall(r"([a-g],?)(\d)", song):
        steps += [(PITCHES[name], True)] + [(PITCHES[name], False)] * (int(length) - 1)
    return steps


ALPHABET: list[Sound] = [SILENCE, *((pitch, begins) for pitch in PITCHES.values() for begins in (True, False))]
CODES = np.random.default_rng(1).choice([-1, 1], size=(len(ALPHABET), CODE))


def patterns(steps: list[Sound], rng: np.random.Generator) -> np.ndarray[Any, Any]:
    """Return a pattern (T, N) for each step: the codes of the last sounds, newest first, and a random place."""
    heard = [SILENCE] * (WINDOW - 1) + steps
    index = [ALPHABET.index(sound) for sound in heard]
    last = np.array([index[t : t + WINDOW][::-1] for t in range(len(steps))])
    places = rng.choice([-1, 1], size=(len(steps), PLACE))
    return np.concatenate([CODES[last].reshape(len(steps), HEARD), places], axis=1)


def read(states: np.ndarray[Any, Any]) -> list[Sound]:
    """Return the sound whose code is most like the newest one of each state (T, N)."""
    return [ALPHABET[best] for best in (states[:, :CODE] @ CODES.T).argmax(axis=1)]


def beginnings(songs: list[np.ndarray[Any, Any]]) -> np.ndarray[Any, Any]:
    """Return cues (B, N): the silence before each song and its first two seconds, a fifth of the bits turned round."""
    cues = np.stack([song[BEGINNING - 1] for song in songs])
    return np.where(np.random.default_rng(2).random(cues.shape) < 0.2, -cues, cues)


def recalled(memory: mn.SequenceMemory, songs: list[np.ndarray[Any, Any]]) -> list[list[Sound]]:
    """Return what the memory plays after the beginning of each song, for as long as that song goes on."""
    for song in songs:
        memory.store(song)
    heard = np.arange(HEARD + PLACE) < HEARD
    replay = memory.replay(beginnings(songs), steps=max(len(song) for song in songs) - BEGINNING, known=heard)
    return [read(states[1:])[: len(song) - BEGINNING] for states, song in zip(replay.states, songs, strict=True)]


# --- what it looks and sounds like ---------------------------------------------------------------------------------


def notes(steps: list[Sound]) -> list[tuple[int, int, int]]:
    """Return (start, length, pitch) of the notes: a step that is held goes on with the note before, if that fits."""
    found: list[tuple[int, int, int]] = []
    for t, (pitch, begins) in enumerate(steps):
        if not begins and found and found[-1][2] == pitch and sum(found[-1][:2]) == t:
            found[-1] = (found[-1][0], found[-1][1] + 1, pitch)
        elif pitch:
            found.append((t, 1, pitch))
    return found


def roll(axes: Any, steps: list[Sound], truth: list[Sound], *, start: int = 0, colour: str | None = None) -> None:
    """Draw steps as a piano roll, green where they are right and red where not; the truth stands behind, pale."""
    for t, length, pitch in notes(truth):
        axes.barh(STAFF[pitch], (length - 0.12) * EIGHTH, 0.86, left=t * EIGHTH, color=PALE, alpha=0.6, linewidth=0)
    for t, length, pitch in notes(steps):
        right = steps[t : t + length] == truth[start + t : start + t + length]
        left = (start + t) * EIGHTH
        axes.barh(STAFF[pitch], (length - 0.12) * EIGHTH, 0.86, left=left, color=colour or (RIGHT if right else WRONG))
    axes.set(xlim=(-0.1, len(truth) * EIGHTH + 0.1), ylim=(-3.8, 5.8), yticks=[], xticks=[])
    for spine in axes.spines.values():
        spine.set(edgecolor=PALE, linewidth=0.8)


def figure(songs: list[list[Sound]], cues: np.ndarray[Any, Any], played: dict[str, list[list[Sound]]]) -> Any:
    """Return piano rolls: a column per song; the song, the damaged beginning, and what each memory plays after it."""
    inch, left, top, high, gap = 0.043, 1.45, 0.62, 0.95, 0.22
    widths = [inch * len(song) for song in songs]
    canvas = Canvas(left + sum(widths) + gap * len(songs), top + 4 * (high + 0.12) + 0.42)
    rows = ["the song", "the cue", *played]
    for column, (name, song) in enumerate(zip(SONGS, songs, strict=True)):
        x = left + sum(widths[:column]) + gap * column
        canvas.text(x, 0.38, name, ha="left", color=INK, size=12, weight="bold")
        begun = [read(np.roll(cues[column : column + 1], -CODE * back, axis=1))[0] for back in range(BEGINNING)][::-1]
        for row, title in enumerate(rows):
            axes = canvas.axes(x, top + row * (high + 0.12), widths[column], high)
            if row == 0:
                roll(axes, song, song, colour=INK)
            elif row == 1:
                roll(axes, begun, song)
            else:
                axes.axvspan(-0.1, BEGINNING * EIGHTH - 0.03, color=PALE, alpha=0.35, linewidth=0)
                roll(axes, played[title][column], song, start=BEGINNING)
            if column == 0:
                axes.set_yticks(list(STAFF.values()), [name.strip(",") for name in PITCHES])
                axes.tick_params(axis="y", labelsize=6, labelcolor=QUIET, length=0, pad=3)
            if row == len(rows) - 1:
                axes.set(xticks=range(0, int(len(song) * EIGHTH) + 1, 4))
                axes.tick_params(axis="x", labelsize=8, labelcolor=QUIET, color=PALE, length=2)
    for row, title in enumerate(rows):
        middle = top + row * (high + 0.12) + high / 2
        canvas.text(left - 0.3, middle - (0.13 if title in BELOW else 0), title, ha="right", color=INK, size=10)
        canvas.text(left - 0.3, middle + 0.11, BELOW.get(title, ""), ha="right", color=QUIET, size=7)
    canvas.text(left, canvas.height - 0.15, "seconds; green: the right note, red: a wrong one, pale: what it should be",
                ha="left", color=QUIET, size=8)  # fmt: skip
    return canvas.figure


def sound(steps: list[Sound]) -> np.ndarray[Any, Any]:
    """Return samples (S,) of the steps: a few overtones that die away."""
    samples = np.zeros(int((len(steps) + 4) * EIGHTH * RATE))
    for t, length, pitch in notes(steps):
        time = np.arange(int((length + 1) * EIGHTH * RATE)) / RATE
        tone = sum(np.sin(2 * np.pi * 440 * 2 ** ((pitch - 69) / 12) * k * time) / k**2 for k in (1, 2, 3))
        shape = np.minimum(time / 0.01, 1) * np.exp(-2.5 * time) * np.minimum((time[-1] - time) / 0.05, 1)
        begin = int(t * EIGHTH * RATE)
        samples[begin : begin + len(time)] += tone * shape
    return samples


def write(samples: np.ndarray[Any, Any], out: str) -> None:
    """Write samples as a mono WAV file of 16 bits."""
    loud = (samples / np.abs(samples).max() * 0.8 * 32767).astype("<i2")
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(loud.tobytes())


def main(out: str = "melody.png", heard: str | None = None) -> None:
    """Store the songs, recall each from its beginning, print the table, write the figure and the sound."""
    songs = [sounds(song) for song in SONGS.values()]
    rng = np.random.default_rng(0)
    stored = [patterns(song, rng) for song in songs]
    memories = {"linear": mn.sequence_net(), "dense": mn.exponential_sequence()}
    played = {which: recalled(memory, stored) for which, memory in memories.items()}
    for which, tunes in played.items():
        for name, song, tune in zip(SONGS, songs, tunes, strict=True):
            right = sum(one == other for one, other in zip(tune, song[BEGINNING:], strict=True))
            print(f"{which:>6}: {name}, {right} of {len(tune)} steps after the beginning are right")
    figure(songs, beginnings(stored), played).savefig(out)
    print(f"wrote {out}")
    if heard is not None:
        tunes = [song[:BEGINNING] + tune for song, tune in zip(songs, played["dense"], strict=True)]
        write(np.concatenate([sound(tune) for tune in tunes]), heard)
        print(f"wrote {heard}")


if __name__ == "__main__":
    main(*sys.argv[1:3])
