"""Choices by chance: harmless ones among equals, and now and then something odd."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Dice(random.Random):
    """The chances of one archive, all from one number. Some archives are calm: hardly anything in them is odd."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.calm = self.choice([1, 6, 40, 40])

    def even(self) -> bool:
        """One of two."""
        return self.random() < 0.5

    def mostly(self, usual: T, *odd: T, share: int = 12) -> T:
        """The usual value, and once in `share` times, or far more rarely, an odd one."""
        return self.choice(odd) if self.randrange(share * self.calm + 1) == 0 else usual

    def some(self, values: Sequence[T], most: int) -> list[T]:
        """A few of them, each once."""
        return self.sample(values, self.randint(0, min(most, len(values))))

    def shuffled(self, values: Sequence[T]) -> list[T]:
        """All of them; in another order every second time."""
        return self.sample(values, len(values)) if self.even() else list(values)
