"""What the operator reads and is asked; a question that nobody can answer is an error that says how to answer it."""

from __future__ import annotations

import getpass
import sys
import time


class DeployError(Exception):
    """The command cannot go on; the message says why, what stands, and what to do."""


class Terminal:
    """One line a step. With `unattended` every plan is taken as confirmed and nothing is asked."""

    def __init__(self, *, unattended: bool) -> None:
        self._unattended = unattended or not sys.stdin.isatty()
        self._confirms = unattended
        self._said = time.monotonic()

    def step(self, text: str) -> None:
        """A step that begins, or what came of it."""
        self._say(f"· {text}")

    def note(self, text: str) -> None:
        """Something that belongs to the step above."""
        self._say(f"    {text}")

    def warn(self, text: str) -> None:
        """What must not be overlooked."""
        self._say(f"!!  {text}")

    def waiting(self, text: str) -> None:
        """Say that a long step still goes on, at most each half minute."""
        if time.monotonic() - self._said > 30:
            self.note(text)

    def _say(self, text: str) -> None:
        print(text, flush=True)
        self._said = time.monotonic()

    def ask(self, question: str, how: str, default: str = "", *, hidden: bool = False) -> str:
        """Return the answer; without anybody to ask the default, or DeployError that says `how` to give it."""
        if self._unattended:
            if default:
                return default
            raise DeployError(f"{question} Nobody is here to answer; give it with: {how}")
        prompt = f"?   {question}{f' [{default}]' if default else ''} "
        answer = getpass.getpass(prompt) if hidden else input(prompt)
        return answer.strip() or default

    def confirm(self, question: str) -> None:
        """Go on after a yes; DeployError otherwise."""
        if self._confirms:
            return
        if self._unattended:
            raise DeployError(f"{question} Nobody is here to say yes; to go on without asking: YES=1")
        if input(f"?   {question} [y/N] ").strip().lower() not in ("y", "yes", "ya"):
            raise DeployError("Stopped as you wished; nothing was changed by this step.")

    def must_type(self, words: str, question: str, given: str, how: str) -> None:
        """Go on only if exactly these words are typed, or were given by the command; YES=1 does not answer this."""
        if given == words:
            return
        if given or self._unattended:
            raise DeployError(f"{question} To say so without being asked: {how}")
        if input(f"?   {question} Type {words!r}: ").strip() != words:
            raise DeployError("Stopped: that was something else. Nothing was changed by this step.")
