"""Publish: check, verify, stage, verify again, search, write, and show it, or say what stops it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timezone
from typing import Any

from ... import __version__
from ..live_page.voila_template import has_widgets, needs_other_plotly, template_files
from ..privacy.findings import Report as PrivacyReport
from ..verify.environment import find_environment
from ..verify.problem import VerifyProblem
from ..verify.report import FINDINGS, NOT_PROVEN
from ..verify.report import Report as VerifyReport
from ..verify.run import Question as VerifyQuestion
from ..verify.verify import verify
from .archive import archive
from .execute import execute
from .manifest import (
    MANIFEST,
    MANIFEST_VERSION,
    PAGE,
    as_json,
    digest_of,
    is_intact,
    list_files,
    read_manifest,
)
from .manifest import (
    PRIVACY as PRIVACY_FILE,
)
from .manifest import (
    VERIFY as VERIFY_FILE,
)
from .outcome import CHECK, PRIVACY, STAGE, SWAP, VERIFY, VERIFY_BUNDLE, WRITE, Outcome
from .page_step import page_of
from .pictures import pictures
from .privacy_step import as_findings, not_looked_at, search
from .problem import Finding, Stopped, disk_sentence, name_of
from .question import Question
from .references import Reference
from .requirements import ask_installed, requirements
from .server_files import dockerfile, start_sh, voila_json
from .source import Source, read_source
from .stage import Stage, files_read, write_notebook
from .versions import Versions

TOOL = f"workload-explorer {__version__}"

#: Told the name of each step when it begins; may raise to call it off.
Progress = Callable[[str], None]


def publish(question: Question, progress: Progress = lambda step: None) -> Outcome:
    """Publish a compiled notebook, or say what stops it; then ``out`` is as it was.

    Runs the notebook three times. Not for the thread of an event loop.

    Raises:
        PublishUsage: the question is wrong. Nothing was done.
    """
    versions = Versions(question.out)
    question.check()
    publishing = _Publishing(question, versions, progress, question.smallest())
    try:
        with versions.hold():
            return publishing.go()
    except Stopped as stopped:
        return publishing.stopped(stopped.message, stopped.findings, acceptable=stopped.acceptable)
    except VerifyProblem as problem:
        return publishing.stopped(str(problem))
    except OSError as error:
        return publishing.stopped(disk_sentence(error))


class _Publishing:
    """One publishing, with what its steps hand on."""

    def __init__(self, question: Question, versions: Versions, progress: Progress, k: int) -> None:
        self.question, self.versions, self.k = question, versions, k
        self._progress = progress
        self.step = CHECK
        self.notes: list[str] = []
        self.reports: dict[str, Any] = {}
        self.page_hash: str | None = None
        self.references = [Reference.of(path, question.notebook) for path in question.by_reference]

    def go(self) -> Outcome:
        """Take all steps. Raises ``Stopped``, ``VerifyProblem``, OSError."""
        question = self.question
        self._begin(CHECK)
        everything = question.accept is not None and not question.accept_only
        source = read_source(question.notebook, everything)
        if question.is_below_audience():
            least = question.smallest_of_audience()
            self._accept(
                f"It is not published: for the audience “{question.audience}” a number stands for "
                f"{least} people or more. Say why it may stand for {self.k}: --accept.",
                [Finding("few-people", f"{self.k} people are fewer than {least}.")],
            )
        self._begin(VERIFY)
        first = self._verify(VerifyQuestion(question.notebook, **self._run()))
        if first.hash != source.hash:
            raise Stopped("The notebook was changed while it was verified. Publish again.")
        self._begin(STAGE)
        stage = Stage(self.versions.new(), self.versions.known())
        write_notebook(stage, source)
        for one in self.references:
            if one.at is not None:
                stage.link(one.at, one.path)
        folder = question.notebook.resolve().parent
        stage.copy(folder, files_read(first, question.notebook, question.data))
        shown, notes = pictures(source.content, folder)
        stage.copy(folder, shown)
        self.notes += notes
        self._begin(VERIFY_BUNDLE)
        report = self._verify(VerifyQuestion(stage.notebook, **self._run()))
        self._begin(PRIVACY)
        executed = execute(source.content, stage.folder, report.kernel, question.timeout)
        made = datetime.now(timezone.utc)
        privacy = self._search(stage, executed.live)
        self._begin(WRITE)
        stage.tidy()
        if question.page:
            page = page_of(executed.notebook, source, stage, self.references, made)
            stage.write(PAGE, page.text)
            self.page_hash = page.hash
            self.notes += page.notes
        widgets = has_widgets(executed.live)
        for name, text in template_files(source.title, made, widgets):
            stage.write(name, text)
        # Other data may ask for other charts, and other templates leave all of them to Voilà.
        by_voila = (
            widgets or source.template or self.references or needs_other_plotly(executed.live)
        )
        stage.write("start.sh", start_sh(all_of_plotly=bool(by_voila)), program=True)
        manifest = self._write(stage, source, report, privacy)
        self._begin(SWAP)
        return self._show(stage, manifest)

    def stopped(
        self, message: str, findings: Sequence[Finding] = (), *, acceptable: str | None = None
    ) -> Outcome:
        """The outcome of being stopped at the step that had begun."""
        return Outcome(
            self.versions.out,
            stopped=self.step,
            message=message,
            findings=tuple(findings),
            acceptable=acceptable,
            notes=tuple(self.notes),
            reports=self.reports,
        )

    def _begin(self, step: str) -> None:
        self.step = step
        self._progress(step)

    def _run(self) -> dict[str, Any]:
        asked = self.question
        return {
            "kernel": asked.kernel,
            "timeout": asked.timeout,
            "allowed_reads": [one.path for one in self.references],
            "allowed_hosts": asked.allowed_hosts,
            "raw": asked.raw,
            "proof": asked.proof,
        }

    def _verify(self, question: VerifyQuestion) -> VerifyReport:
        """Run it, and stop unless it is green; what is not proven may be accepted."""
        report = verify(question)
        self.reports["verify"] = report.to_json()
        if report.verdict == FINDINGS:
            raise Stopped(_NOT_GREEN[self.step], [_of_verify(one) for one in report.findings])
        if report.verdict == NOT_PROVEN:
            self._accept(
                "It is not published: what the dashboard reads and does was not seen here. Publish "
                "where strace or Landlock works, or say why it may be all the same: --accept.",
                [Finding("not-proven", why, part) for part, why in report.proven.open.items()],
            )
        return report

    def _accept(self, message: str, findings: Sequence[Finding]) -> str:
        """The reason for which findings do not stop it. Raises ``Stopped`` where there is none."""
        asked, named = self.question, name_of(findings)
        if asked.accept is None or (asked.accept_only and named not in asked.accept_only):
            raise Stopped(message, findings, acceptable=named)
        return asked.accept.strip()

    def _search(self, stage: Stage, executed: Any) -> PrivacyReport:
        asked = self.question
        found = search(
            self.versions.new(),
            notebook=executed,
            files={name: stage.folder / name for name in stage.copied},
            references=self.references,
            k=self.k,
            audience=asked.audience,
            raw=asked.raw,
            mapping=asked.mapping,
        )
        self.reports["privacy"] = found.as_json()
        if not found.clean:
            reason = self._accept(
                "It is not published: people, or groups that are too small, can be found in it. "
                "Correct that where the data are reduced and shown, or say why it may be published "
                "all the same: --accept.",
                as_findings(found.findings),
            )
            found.accept(reason)
            self.reports["privacy"] = found.as_json()
        self.notes += not_looked_at(found)
        return found

    def _write(
        self, stage: Stage, source: Source, report: VerifyReport, privacy: PrivacyReport
    ) -> dict[str, Any]:
        """Write all that stands beside notebook and data; returns the manifest."""
        asked = self.question
        installed = ask_installed(find_environment(report.kernel))
        mimes = {mime for cell in report.cells for mime in cell["outputs"]}
        pins, notes = requirements(
            installed, report.modules or (), mimes, TOOL, template=source.template
        )
        self.notes += notes
        stage.write("requirements.txt", pins)
        stage.write("voila.json", voila_json())
        stage.write("Dockerfile", dockerfile(installed.python, source.kernel, asked.image))
        stage.write(VERIFY_FILE, as_json(report.to_public_json()))
        stage.write(PRIVACY_FILE, as_json(privacy.as_json()))
        manifest = {
            "version": MANIFEST_VERSION,
            "tool": TOOL,
            "digest": "",
            "created": datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "source": source.record.get("source"),
            "source_hash": source.record.get("source_hash"),
            "hash": source.hash,
            "parameters": source.record.get("parameters"),
            "kernel": {"name": report.kernel, "python": installed.python},
            "image": asked.image,
            "audience": asked.audience,
            "k": self.k,
            "mapping": dict(sorted(asked.mapping.items())),
            "verify": {"verdict": report.verdict, "proof": report.proven.way},
            "privacy": {"clean": privacy.clean, "findings": len(privacy.findings)},
            "accepted": self._accepted(source, report, privacy),
            "data": {
                "copied": sorted(stage.copied),
                "referenced": [one.describe() for one in self.references],
            },
            "page_hash": self.page_hash,
            "files": list_files(stage.folder),
        }
        manifest["digest"] = digest_of(manifest)
        stage.write(MANIFEST, as_json(manifest))
        return manifest

    def _accepted(
        self, source: Source, report: VerifyReport, privacy: PrivacyReport
    ) -> dict[str, Any] | None:
        """The reason, and what it was given for; ``None`` where none was needed."""
        what = {
            "roles": source.errors,
            "few_people": self.question.is_below_audience(),
            "not_proven": sorted(report.proven.open),
            "privacy": len(privacy.findings),
        }
        if self.question.accept is None or not any(what.values()):
            return None
        return {"reason": self.question.accept.strip(), **what}

    def _show(self, stage: Stage, manifest: Mapping[str, Any]) -> Outcome:
        """Put the version in the place of the one before, unless it is the same."""
        versions, target = self.versions, self.question.archive
        current = versions.current
        before = read_manifest(current) if current else None
        same = before is not None and before["digest"] == manifest["digest"]
        unchanged = same and current is not None and is_intact(current)

        def show() -> Any:
            return current if unchanged else versions.put(stage.folder, manifest["digest"])

        if target is None:
            version = show()
        else:
            with archive(current if unchanged else stage.folder, versions.out.name, target):
                version = show()
        copied = len(manifest["data"]["copied"])
        what = f"{copied} data {'file' if copied == 1 else 'files'}"
        if self.references:
            what += f", {len(self.references)} by reference"
        return Outcome(
            versions.out,
            version,
            unchanged,
            before if unchanged else manifest,
            message=f"unchanged, {what}" if unchanged else f"published, {what}",
            notes=tuple(self.notes),
            reports=self.reports,
        )


_NOT_GREEN = {
    VERIFY: "It is not published: verify found what follows. Correct it in the notebook, compile "
    "it, and publish again.",
    VERIFY_BUNDLE: "It is not published: from the published files alone it does not do what it did "
    "in its own folder. Name what it reads: --data, or --by-reference for what stays where it is.",
}


def _of_verify(one: Any) -> Finding:
    place = None if one.index is None else f"cell {one.index + 1}"
    if place and one.line:
        place += f", line {one.line}"
    # What may be read elsewhere has another name here.
    message = one.message.replace("--allow-read", "--by-reference")
    return Finding(one.rule, message, place, one.cell)
