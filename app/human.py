"""Numbers as people read them: counts, bytes and times."""

from __future__ import annotations

import math

_SUFFIXES = ("", "K", "M", "G", "T", "P", "E")
_BYTES = ("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB")
_NARROW_SPACE = "\u202f"


def grouped(number: int) -> str:
    """A whole number with its digits in threes: `36 928`."""
    return f"{number:,}".replace(",", _NARROW_SPACE)


def short_count(number: float) -> str:
    """A large number with three or four digits and a suffix: `36.9 K`, `115.6 M`."""
    return _scaled(number, 1000, _SUFFIXES)


def byte_count(number: float) -> str:
    """An amount of memory: `0 B`, `784 B`, `0.77 MiB`."""
    return _scaled(number, 1024, _BYTES)


def _scaled(number: float, base: int, suffixes: tuple[str, ...]) -> str:
    power = 0
    # 999.95 would be shown as 1000.0: it belongs to the next suffix
    while abs(number) >= base * 0.99995 and power + 1 < len(suffixes):
        number /= base
        power += 1
    text = f"{number:.0f}" if power == 0 else f"{number:.1f}"
    return f"{text} {suffixes[power]}".rstrip()


def duration(seconds: float) -> str:
    """A time: `12 ms`, `0.4 s`, `42 s`, `3 min 05 s`, `2 h 10 min`."""
    if not math.isfinite(seconds):
        return "–"
    if 0 < seconds < 0.095:
        return f"{1000 * seconds:.0f} ms"
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"


def milliseconds(seconds: float) -> str:
    """A short time with three digits: `0.31 µs`, `42.0 µs`, `3.17 ms`, `1.20 s`."""
    if seconds <= 0:
        return "0"
    factor, unit = next(
        ((factor, unit) for factor, unit in ((1e6, "µs"), (1e3, "ms")) if seconds * factor < 999.5),
        (1.0, "s"),
    )
    number = seconds * factor
    digits = 2 if number < 9.995 else 1 if number < 99.95 else 0
    return f"{number:.{digits}f} {unit}"


def figure(value: float) -> str:
    """A measured number with four significant digits: `0.6931`, `1.2e-05`."""
    if not math.isfinite(value):
        return str(value)
    if value and not 1e-3 <= abs(value) < 1e5:
        return f"{value:.3g}"
    return f"{value:.4g}"
