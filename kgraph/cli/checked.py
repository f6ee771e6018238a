"""What `kgraph check` prints: problems, hints, and one line on what was looked at."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kgraph.base import paths
from kgraph.base.paths import Folders
from kgraph.base.problems import Problem, worded
from kgraph.base.text import seen
from kgraph.base.words import text
from kgraph.cli.options import refuse_installed
from kgraph.cli.output import put_json, report_problems, say, steps
from kgraph.errors import BadData

if TYPE_CHECKING:
    from kgraph.publish.check import Verdict

MOST_NAMED = 5
"""Sources that the last line names."""


def check_release(release: Path, previous: Path | None, public: Path | None, lang: str) -> None:
    """Check a release and print its problems."""
    from kgraph.publish.release import verify

    with steps(quiet=False) as step:
        found = verify.problems(release, previous, public, step=step)
    report_problems(found, lang)
    say(text(lang, "faults.none"))


def check_data(folders: Folders, texts: Sequence[Path], *, fix: bool, form: str, lang: str) -> None:
    """Check the data, print the verdict, and exit with 1 when there are problems, with 3 when it cannot be read."""
    from kgraph.publish import check

    read = check.texts_of(folders, texts)
    if fix:
        refuse_installed(folders.data, text(lang, "curating.whichFolder"))
        fixed = check.fix(folders, read)
        for path, number in fixed.items():
            say(f"{path}: {text(lang, 'curating.fixed', n=number)}")
        if not fixed:
            say(text(lang, "curating.nothingFixed"))
    try:
        verdict = check.verdict(folders, read)
    except BadData as error:
        if not any(isinstance(each, Problem) and each.places for each in error.args):
            raise
        say(worded(error, lang))
        say(text(lang, "curating.notRead", folder=folders.data))
        raise SystemExit(BadData.exit_code) from error
    if form == "json":
        put_json(as_json(verdict, lang))
    else:
        for problem in verdict.problems:
            click.echo(seen(problem.worded(lang)))
        for hint in verdict.hints:
            click.echo(seen(f"{text(lang, 'curating.hint')} {hint.worded(lang)}"))
        for file in verdict.stale:
            click.echo(seen(f"{text(lang, 'curating.renew')} {file.worded(lang)}"))
    warn(folders, lang)
    say(last_line(verdict, lang))
    if verdict.problems or verdict.stale:
        raise SystemExit(1)


def last_line(verdict: "Verdict", lang: str) -> str:
    """What was looked at and what came of it."""
    looked = [
        text(lang, "curating.sources", n=verdict.sources),
        text(lang, "curating.facts", n=verdict.facts),
        text(lang, "curating.compared", n=verdict.quotes),
    ]
    if verdict.absent:
        named = ", ".join(verdict.absent[:MOST_NAMED]) + (" …" if verdict.absent[MOST_NAMED:] else "")
        looked.append(f"{text(lang, 'curating.absent', n=len(verdict.absent))}: {named}")
    if verdict.drafts:
        looked.append(text(lang, "curating.drafts", n=verdict.drafts))
    return f"{verdict.folder}: {', '.join(looked)}; {_found(verdict, lang)}"


def _found(verdict: "Verdict", lang: str) -> str:
    """How many problems, hints and files to renew there are."""
    found, hinted, stale = (len(some) for some in (verdict.problems, verdict.hints, verdict.stale))
    none = text(lang, "curating.cleanSources" if stale else "faults.none")
    problems = text(lang, "faults.found", n=found) if found else none
    hints = text(lang, "curating.hints", n=hinted) if hinted else text(lang, "curating.noHints")
    return f"{problems}, {hints}" + (f"; {text(lang, 'curating.stale', n=stale)}" if stale else "")


def warn(folders: Folders, lang: str) -> None:
    """Say that the folder `data` here is another one than that which was checked."""
    here = Path("data")
    if (here / "sources").is_dir() and paths.resolved(here) != paths.resolved(folders.data):
        say(text(lang, "curating.otherFolder", folder=folders.data, here=here))


def as_json(verdict: "Verdict", lang: str) -> dict[str, object]:
    """The verdict for programs."""
    return {
        "folder": str(verdict.folder),
        "sources": verdict.sources,
        "facts": verdict.facts,
        "quotes": verdict.quotes,
        "absent": list(verdict.absent),
        "problems": [_entry(problem, lang) for problem in verdict.problems],
        "hints": [_entry(hint, lang) for hint in verdict.hints],
        "stale": [_entry(file, lang) for file in verdict.stale],
        "drafts": verdict.drafts,
    }


def _entry(problem: Problem, lang: str) -> Mapping[str, object]:
    line, column = problem.places[0] if problem.places else (None, None)
    place: dict[str, object] = {
        "file": problem.file.split(", ")[0],
        "line": line,
        "column": column,
        "node": problem.node,
    }
    return place | {"code": problem.code, "message": problem.sentence(lang), "rule": problem.rule}
