"""What is said about a run, in words: progress, facts, and how it ended."""

from __future__ import annotations

from app.human import duration, figure, grouped, short_count
from app.i18n import tr
from app.metric_titles import metric_word
from app.training.record import LOSS, RunRecord
from backends.protocol import Failed, Finished, Stopped, Turned
from backends.pytorch.recipe import FROZEN
from graph.recipe import Recipe


def progress_text(record: RunRecord, *, is_paused: bool, is_stopping: bool) -> str:
    """Where the run is: `Epoch 3 / 10 · 12 s left`."""
    if record.end is not None:
        return end_text(record)
    if is_stopping:
        return tr("Stopping…")
    if record.started is None:
        return record.preparing.text if record.preparing else tr("Starting…")
    text = epoch_text(record)
    if is_paused:
        return f"{text} · {tr('paused')}"
    left = record.stepped.seconds_left if record.stepped else None
    return text if left is None else f"{text} · {tr('{time} left', time=duration(left))}"


def epoch_text(record: RunRecord) -> str:
    """The epoch that is trained now, of how many."""
    total = record.total_epochs
    return tr("Epoch {n} / {total}", n=min(len(record.ended) + 1, total), total=total)


def share_done(record: RunRecord) -> float | None:
    """How much of the run is done, from 0 to 1; None where that is not known yet."""
    if isinstance(record.end, Finished):
        return 1.0
    if record.started is None:
        return record.preparing.share if record.preparing else None
    total = record.total_epochs * record.steps_per_epoch
    return min(record.step / total, 1.0) if total else None


def end_text(record: RunRecord) -> str:
    """How the run ended, in a few words."""
    match record.end:
        case Finished() as end:
            if end.stopped_early:
                return tr("Stopped early after epoch {n}: {why}", n=end.epochs,
                          why=_rule(record, end))  # fmt: skip
            return tr("Finished {n} epochs in {time}", n=end.epochs, time=duration(end.seconds))
        case Stopped() as end:
            return tr("Stopped in epoch {n}, step {step}", n=end.epochs + 1, step=grouped(end.step))
        case Failed() as end:
            return tr("Failed: {reason}", reason=" ".join(end.text.split()))
    return ""


def _rule(record: RunRecord, end: Finished) -> str:
    """Which rule of the recipe ended a run."""
    match end.ended_by:
        case "steps":
            return tr("it was given no more steps")
        case "time":
            return tr("its time was up")
        case "metric":
            name = str(record.job.document.recipe.get("stop_metric", ""))
            return tr("{name} is good enough", name=name)
    return tr("the loss no longer improved")


def facts(record: RunRecord) -> list[str]:
    """Device, speed, step, best epoch and test result, as far as they are known."""
    found = []
    started = record.started
    if started is not None:
        threads = tr("1 thread") if started.threads == 1 else tr("{n} threads", n=started.threads)
        found.append(f"{started.device} · {threads}" if started.device == "cpu" else started.device)
    if record.stepped is not None and not record.is_over:
        found.append(tr("{n} rows/s", n=short_count(record.stepped.rows_per_second)))
    if record.step:
        found.append(tr("step {n}", n=grouped(record.step)))
    if record.best is not None:
        found.append(tr("best epoch {n}", n=record.best.epoch))
    if isinstance(record.end, Finished):
        found += [tr("test {result}", result=text) for text in test_results(record)]
    return found


def turned_text(turned: Turned) -> str:
    """What was changed while a run went on, and to what: `learning rate 0.01`."""
    if turned.name == FROZEN:
        return _frozen_text(str(turned.before), str(turned.value))
    part, _, name = turned.name.rpartition(".")
    title = Recipe.params[name].title.lower()
    if isinstance(turned.value, bool):
        value = tr("on") if turned.value else tr("off")
    else:
        value = turned.value if isinstance(turned.value, str) else figure(turned.value)
    return f"{part} {tr(title)} {value}".strip()


def _frozen_text(before: str, now: str) -> str:
    """Which modules do not learn any more, and which do again: `conv frozen, head learns`."""
    old, new = ([name for name in text.split(", ") if name] for text in (before, now))
    frozen = [name for name in new if name not in old]
    freed = [name for name in old if name not in new]
    parts = [tr("{names} frozen", names=_few(frozen))] if frozen else []
    parts += [tr("{names} learns", names=_few(freed))] if freed else []
    return ", ".join(parts)


def _few(names: list[str]) -> str:
    shown = ", ".join(names[:2])
    return f"{shown} +{len(names) - 2}" if len(names) > 2 else shown


def test_results(record: RunRecord) -> list[str]:
    """The means over the test rows: `accuracy 97.5 %`, `loss 0.081`."""
    end = record.end
    if not isinstance(end, Finished):
        return []
    ordered = sorted(end.test.items(), key=lambda item: item[0] == LOSS)
    return [
        f"{metric_word(name)} {value_text(value, name in record.shares)}" for name, value in ordered
    ]


def value_text(value: float, is_share: bool) -> str:
    """A measured value: four digits, or a percentage."""
    return f"{100 * value:.1f} %" if is_share else figure(value)


def status_text(record: RunRecord, *, is_paused: bool) -> str:
    """The line of the status bar: `epoch 17 / 20   2.1 s/epoch`."""
    if record.started is None:
        return "" if record.is_over else tr("preparing…")
    total = record.total_epochs
    epoch = len(record.ended) if record.is_over else min(len(record.ended) + 1, total)
    text = tr("epoch {n} / {total}", n=epoch, total=total)
    if is_paused:
        return f"{text}   {tr('paused')}"
    if not record.ended:
        return text
    return f"{text}   {tr('{time}/epoch', time=duration(record.ended[-1].seconds))}"


def end_message(record: RunRecord) -> str:
    """The full sentence that a person is told when a run ends by itself or is stopped."""
    match record.end:
        case Finished():
            results = test_results(record)
            said = tr("On the test rows: {results}.", results=", ".join(results)) if results else ""
            return " ".join(filter(None, (end_text(record) + ".", said)))
        case Stopped():
            said = tr("It can be resumed.") if record.can_resume else ""
            return " ".join(filter(None, (end_text(record) + ".", said)))
        case Failed(text=text):
            return text
    return ""
