"""What the commands of ``python -m analysis`` do: a table, a report, a certificate or a manifest; verify, check."""

import argparse
import hashlib
import re
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pandas as pd

from analysis.agreement.icc import FEWEST_RESAMPLES
from analysis.decisions.aim import Aim
from analysis.options import (
    ALL_SECTIONS,
    CERTIFY,
    CHECK,
    HOME,
    MANIFEST,
    PLAN,
    REPORT,
    VERIFY,
    UsageError,
    selection_of,
    settings_of,
)
from analysis.outputs.certificate import certificate_file, check_identity
from analysis.outputs.checking import checked
from analysis.outputs.manifest import manifest_file
from analysis.outputs.registry import TABLES, table_of
from analysis.outputs.tables import DRAWN_FOR_ICC, TAKEN
from analysis.outputs.verifying import Manifest, ManifestError, Outcome, read_manifest, verify, verify_files
from analysis.outputs.view import View, software
from analysis.outputs.writing import UnwritableError, write_table, write_whole
from analysis.ratings.needs import MissingNeedError
from analysis.ratings.settings import SETTINGS, Settings, SettingsError
from data import SOURCES
from data.errors import AddedJudgeError, NotOwnError, ReleaseError, SourceError
from data.judging.identity import Identity, IdentityError
from data.paths import told
from data.remote.progress import Progress
from data.sources import Dataset, JudgeFile, judged, load, source_files, with_judge, with_replies
from data.study import Study


def run(options: argparse.Namespace) -> int:
    """Do what was asked for, as :func:`analysis.options.read_options` read it.

    Returns the exit code: 0; 1 for a manifest that does not hold; 2 for ratings that are not usable as they are.

    Raises
    ------
    UsageError
        An argument, or the ratings that it names, cannot be used.
    """
    try:
        return {VERIFY: _verify, CHECK: _check, PLAN: _plan}.get(options.table, _make)(options)
    except UnwritableError as error:
        raise UsageError(str(error)) from error
    except OSError as error:
        if error.filename is None:
            raise
        raise UsageError(told(error)) from error
    except SettingsError as error:
        name, _, reason = str(error).partition(":")
        for setting in SETTINGS:
            reason = re.sub(rf"\b{setting}\b", setting.replace("_", "-"), reason)
        raise UsageError(f"argument --{name.replace('_', '-')}:{reason}") from error
    except (MissingNeedError, SourceError, ReleaseError) as error:
        raise UsageError(_of_source(error, options.source)) from error


def _of_source(error: Exception, source: str) -> str:
    """Say what is wrong with the ratings, and what would do instead."""
    if isinstance(error, NotOwnError):
        return f"argument --own: {error}"
    if isinstance(error, AddedJudgeError):
        return f"argument --add-judge: {error}"
    if isinstance(error, MissingNeedError):
        instead = f"; {error.remedy}" if error.remedy else ""
    elif isinstance(error, SourceError):
        instead = "; without a network there are --source snapshot, and a folder with a copy of the release"
    elif source in SOURCES or Path(source).exists():
        instead = ""
    else:
        instead = f"; allowed are {', '.join(SOURCES)}, a folder's path, or a file of counts"
    return f"argument --source: {source!r}: {error}{instead}"


def _make(options: argparse.Namespace) -> int:
    dataset = _with_replies(_load(options), options)
    settings = settings_of(options, dataset.study)
    view = View(dataset, settings, selection_of(options, dataset.study))
    if options.table == REPORT:
        _report(view, options)
    elif options.table == CERTIFY:
        _certify(view, options)
    elif options.table == MANIFEST:
        write_whole(manifest_file(view, view.link(options.app or HOME), datetime.now(UTC).date()), options.output)
    else:
        table = table_of(options.table, dataset, settings, view.selection)
        if getattr(options, "identity", None) is not None:
            _tell_versions(_identity(options, view))
        write_table(table, TABLES[options.table].declared(dataset.study), options.form, options.output)
        _warn_of_nothing(table)
        if getattr(options, "reasons", False):
            _tell_reasons(dataset.study, table, settings)
    for notice in dataset.provenance.notices:
        _tell(f"note: {notice}")
    if not options.quiet:
        _tell("\n".join(_in_full(dataset, settings) if options.verbose else _in_short(dataset, settings, options)))
    _warn_of_choices(options, dataset.study, settings)
    return 0


def _tell_reasons(study: Study, verdicts: pd.DataFrame, settings: Settings) -> None:
    # Imported where they are used: one table has reasons.
    from analysis.findings.phrases import pair
    from analysis.findings.reasons import reason, what_would_change
    from analysis.wording.vocabulary import USE, verdict_look

    for _, row in verdicts.iterrows():
        found = f"{USE[row['use']][0].lower()}: {verdict_look(row['verdict']).word.lower()}"
        why = f"{reason(study, row, settings)} {what_would_change(study, row)}"
        _tell(f"{pair(study, row)}, {found}. {why}")


def _plan(options: argparse.Namespace) -> int:
    # Imported where they are used: no table draws studies.
    from analysis.decisions.plan import DECLARED
    from analysis.findings.plan import assumptions, plan_finding
    from analysis.outputs.planning import plans_of

    aim = Aim.of(options.use, options.width, options.power, options.experts, options.systems)
    dataset = _load(options)
    settings, chosen = settings_of(options, dataset.study), selection_of(options, dataset.study)
    progress = _progress(options)
    made = plans_of(View(dataset, settings, chosen), aim, lambda cell: progress.say(f"Planning {cell}"))
    write_table(made.table, DECLARED, options.form, options.output)
    for _, row in made.table.iterrows():
        _tell(plan_finding(dataset.study, row, aim))
    for notice in (*dataset.provenance.notices, *assumptions(dataset.study, made.table)):
        _tell(f"note: {notice}")
    if not options.quiet:
        _tell("\n".join(_in_full(dataset, settings) if options.verbose else _in_short(dataset, settings, options)))
    return 0


def _check(options: argparse.Namespace) -> int:
    found = checked(options.path, load(options.source, _progress(options)) if options.source else None)
    sys.stdout.write("".join(f"{line}\n" for line in found.said))
    return 0 if found.usable else 2


def _verify(options: argparse.Namespace) -> int:
    try:
        kept = read_manifest(options.manifest)
        if other := _of_another_judge(kept, options):
            sys.stdout.write("".join(f"{line}\n" for line in other))
            return 1
        options.source = options.source or kept.source
        if options.source in ("folder", "counts"):
            raise UsageError(
                f"argument --source: is missing, and the ratings came from {kept.title}; allowed is its path"
            )
        outcome = _verified(kept, options)
    except ManifestError as error:
        raise UsageError(
            f"argument MANIFEST: {str(options.manifest)!r} cannot be used: {error}; allowed is a file that "
            "“Manifest (JSON)” in the dashboard, or python -m analysis manifest, has written"
        ) from error
    sys.stdout.write("".join(f"{line}\n" for line in outcome.said))
    return 0 if outcome.holds else 1


def _of_another_judge(kept: Manifest, options: argparse.Namespace) -> list[str]:
    """Say why a certificate is for another judge than the one that an identity is of; nothing where it is the same."""
    if options.identity is None:
        return []
    if kept.identity is None:
        raise UsageError(
            f"argument --identity: {str(options.manifest)!r} does not say who a judge is; allowed is a certificate "
            "that was made with --identity"
        )
    now = _identity(options)
    for fingerprint in kept.identity.new_fingerprints(now):
        _tell(f"note: the endpoint shows the fingerprint {fingerprint}, which is new; have the anchor set rated again")
    said = [*kept.identity.differences(now)]
    if not said:
        _tell("note: the judge is the one that was certified: model, endpoint, rubric, parameters and version")
    return [*said, "refused: your certificate is for another judge"] if said else []


def _identity(options: argparse.Namespace, view: View | None = None) -> Identity:
    """Read who a judge is; with a view, it has to be of the ratings that were read."""
    try:
        identity = Identity.read(options.identity.read_bytes())
        if view is not None:
            check_identity(view, identity)
        return identity
    except IdentityError as error:
        raise UsageError(f"argument --identity: {str(options.identity)!r} {error}") from error


def _verified(kept: Manifest, options: argparse.Namespace) -> Outcome:
    """Compare a manifest with its source; of files that cannot be read it is said first whether they are the same."""
    try:
        dataset = _load(options, partial(_called_as_in, kept))
    except ReleaseError:
        damaged = verify_files(kept, [*source_files(options.source), *options.add_judge])
        if damaged is None:
            raise
        return damaged
    return verify(kept, dataset)


def _called_as_in(kept: Manifest, file: Path) -> JudgeFile:
    """Call a file what a manifest calls it, which knows it by its content: a judge may be called as its file is."""
    content = file.read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    names = [name for name, its in kept.files.items() if its == sha256]
    if not names or file.name in names:
        return file
    _tell(f"note: {file} has the content of {names[0]} in the manifest, and is called so here")
    return names[0], content


def _load(options: argparse.Namespace, called: Callable[[Path], JudgeFile] = lambda file: file) -> Dataset:
    dataset = load(options.source, _progress(options))
    own: dict[str, list[str]] = {}
    for judge, system in getattr(options, "own", ()):
        own.setdefault(judge, []).append(system)
    judges: list[str] = []
    for file in getattr(options, "add_judge", ()):
        try:
            dataset, added = with_judge(dataset, called(file), own=own)
            judges += added.judges
        except NotOwnError:
            raise
        except ReleaseError as error:
            raise AddedJudgeError(f"{str(file)!r}: {error}") from error
    if strangers := own.keys() - set(judges):
        raise UsageError(
            f"argument --own: {min(strangers)!r} is no judge that was added; allowed are those of --add-judge: "
            f"{', '.join(judges) or 'none'}"
        )
    # How well experts agree takes no judge.
    takes_judges = options.table not in TAKEN or "judge" in TAKEN[options.table].subset
    return judged(dataset) if takes_judges else dataset


def _with_replies(dataset: Dataset, options: argparse.Namespace) -> Dataset:
    """Look up how long the replies are, for a table that takes it and ratings that come without."""
    if "replies" not in options or dataset.ratings is None:
        return dataset
    if options.replies is None and dataset.ratings.lengths is not None:
        return dataset
    given = "is missing" if options.replies is None else repr(str(options.replies))
    try:
        found = with_replies(dataset, _progress(options), options.replies)
    except (SourceError, ReleaseError) as error:
        raise UsageError(
            f"argument --replies: {given}: {error}; allowed is MentalBench-100k as CSV or Parquet, and Hugging Face is "
            "asked for it where none is given"
        ) from error
    if options.replies is not None and found.provenance.replies is None:
        raise UsageError(
            f"argument --replies: {given}: its replies are those of the published study, and this is another; allowed "
            "is a column with the texts of replies in the study's tables (reply)"
        )
    return found


def _progress(options: argparse.Namespace) -> Progress:
    quiet = getattr(options, "quiet", False)
    return Progress(report=_tell if sys.stderr.isatty() and not quiet else None)


def _report(view: View, options: argparse.Namespace) -> None:
    # Imported where it is used: charts take longer to import than most tables take to compute.
    from analysis.report import SECTION_NAMES
    from analysis.report.files import report_file

    address, day = view.link(options.app or HOME), datetime.now(UTC).date()
    form = options.output.suffix.lower().removeprefix(".")
    chosen = SECTION_NAMES if ALL_SECTIONS in options.sections else options.sections
    write_whole(report_file(view, chosen, address, day, form), options.output)


def _certify(view: View, options: argparse.Namespace) -> None:
    identity = None if options.identity is None else _identity(options, view)
    address, day = view.link(options.app or HOME), datetime.now(UTC).date()
    form = options.output.suffix.lower().removeprefix(".")
    content = certificate_file(view, identity, address, day, form)
    if identity is not None:
        _tell_versions(identity)
    write_whole(content, options.output)


def _tell_versions(identity: Identity) -> None:
    """Note where ratings that are compared are of several versions, which are not one judge."""
    if len(identity.first) > 1:
        _tell(f"note: these ratings are of several versions, which are not one judge: {', '.join(identity.first)}")
    if identity.of_new_alone:
        named, first = ", ".join(identity.of_new_alone), ", ".join(identity.first) or "none that was named"
        _tell(
            f"note: the new systems were rated by another version ({named}) than the study's replies ({first}); they "
            "are not one judge: have the anchor set rated again before you compare them"
        )


def _in_short(dataset: Dataset, settings: Settings, options: argparse.Namespace) -> list[str]:
    """Say in a line what the figures come from, and which of the settings that they depend on were chosen."""
    usual = Settings.of(dataset.study, settings.preset, settings.level)
    changed = usual.differences_to(settings)
    level = [f"level {settings.level}"] if "level" in options else []
    choices = [f"preset {settings.preset}", *level, *(f"{name} {made}" for name, (_, made) in changed.items())]
    return [f"{_source(dataset, 19)}; settings: {', '.join(choices)}"]


def _in_full(dataset: Dataset, settings: Settings) -> list[str]:
    """Say all that the figures come from, file by file, and every setting."""
    came = dataset.provenance
    choices = ", ".join(f"{name} {value}" for name, value in vars(settings).items())
    return [
        _source(dataset),
        *(f"file: {record.name}, sha256 {record.sha256}" for record in came.every_file),
        f"software: {', '.join(f'{name} {number}' for name, number in software().items())}",
        f"settings: {choices}; intervals over replies clustered by {came.cluster}",
    ]


def _source(dataset: Dataset, digits: int | None = None) -> str:
    came = dataset.provenance
    return f"source: {came.title}, revision {came.revision[:digits]}, {dataset.study.counted(came.conversations)}"


def _warn_of_choices(options: argparse.Namespace, study: Study, settings: Settings) -> None:
    """Note where resamples are too few, and what was chosen that changes nothing beside the other choices."""
    exact = settings.interval == "exact-f"
    nothing_drawn = exact and options.table in DRAWN_FOR_ICC
    for name in ("resamples", "seed", "discard") if nothing_drawn else ("discard",) if exact else ():
        if getattr(options, name, None) is not None:
            _tell(f"note: --{name} changes nothing where the interval is exact-f, which no resamples are drawn for")
    usual = Settings.of(study, level=settings.level)
    by_preset = Settings.of(study, settings.preset, settings.level).differences_to(usual)
    if by_preset and options.table in TAKEN and by_preset.keys().isdisjoint(TAKEN[options.table].settings):
        _tell(f"note: --preset {settings.preset} changes nothing in {options.table}")
    if "resamples" in options and not nothing_drawn and settings.resamples < FEWEST_RESAMPLES:
        _tell(f"note: {settings.resamples} resamples are too few for an interval to be read; take {FEWEST_RESAMPLES}")


def _warn_of_nothing(table: pd.DataFrame) -> None:
    figures = table.select_dtypes("float")
    if len(table) and len(figures.columns) and figures.isna().all(axis=None):
        _tell("note: every figure is undefined: too few models, replies or conversations fit the options, or none vary")


def _tell(message: str) -> None:
    sys.stderr.write(f"{message}\n")
