"""What a proof proves of the run that it was made by, and what it leaves open."""

from __future__ import annotations

from . import landlock
from .hosts import Hosts
from .proof import LANDLOCK, STRACE, Proof
from .report import Proven
from .trace import Trace

_WATCHED = ("files", "hosts", "processes")


def what_is_proven(
    proof: Proof, hosts: Hosts, trace: Trace | None, modules: list[str] | None
) -> Proven:
    """What is proven, and by which reasons something is not."""
    notes: list[str] = []
    unproven: dict[str, str] = {}
    if proof.way == STRACE and trace is not None:
        if reason := _incomplete(trace):
            unproven = dict.fromkeys(_WATCHED, reason)
    elif proof.way == LANDLOCK:
        notes.append(
            "Under Landlock nothing else could be read, run or connected to; what the notebook "
            "tried and passed over in silence may be missing from the findings. Rights, owners and "
            "times of files are not held."
        )
        if landlock.version() < landlock.TRUNCATE_VERSION:
            notes.append("This system's Landlock does not keep files elsewhere from being emptied.")
        if hosts.allowed:
            unproven["hosts"] = "with hosts allowed, Landlock holds ports of TCP, and no hosts"
        elif not proof.no_network:
            unproven["hosts"] = "on this machine Landlock holds TCP at most"
    else:
        unproven = dict.fromkeys(_WATCHED, "neither strace nor Landlock was used")
    if modules is None:
        unproven["modules"] = "the kernel did not tell which it has imported"
    not_used = tuple(f"Not used: {problem}." for problem in proof.problems)
    return Proven(proof.way, unproven, not_used, tuple(notes))


def _incomplete(trace: Trace) -> str:
    """Why a trace does not hold all that was done; empty where it does."""
    processes = {call.process for call in trace.calls}
    if not processes:
        return "strace wrote nothing"
    if trace.broken:
        return f"{trace.broken} lines of strace were not understood"
    if processes - trace.ended.keys():
        return "strace ended before what it watched"
    if any(call.name == "io_uring_setup" and not call.failed for call in trace.calls):
        return "something used io_uring, which strace does not see through"
    return ""
