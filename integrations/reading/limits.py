"""How much one file may ask of us."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ReadingLimits:
    """Limits of one file.

    Of an archive: `entries` and `unpacked_bytes` count everything in it, archives inside it included, which may lie
    `depth` deep in all.

    `pixels` counts width times height of one picture, `seconds` the time from handing a file over to its answer,
    `memory_bytes` everything the reading process may write to (its heap, not the libraries it maps).
    """

    bytes: int = 20 * 1024 * 1024
    pages: int = 50
    pixels: int = 60_000_000
    seconds: float = 60.0
    memory_bytes: int = 2 * 1024 * 1024 * 1024
    entries: int = 200
    unpacked_bytes: int = 200 * 1024 * 1024
    depth: int = 2

    @property
    def seconds_of_archive(self) -> float:
        """An archive holds many files; those it has no time for are named."""
        return 10 * self.seconds
