"""What tells who somebody is: names of columns, and texts that look like it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from ...gather.roles import NAMES

#: Names of columns, as ``normal`` writes them, that hold identities; by what they hold.
_COLUMNS: dict[str, tuple[str, ...]] = {
    "user": (
        *NAMES["user"],
        *("user_name", "user_id", "userid", "uid", "login_name", "owner"),
        *("usernames", "user_names", "user_ids", "users", "members"),
    ),
    "job": (*NAMES["job"], "slurm_jobid", "array_job_id", "job_ids", "jobids", "job_number"),
    "account": (*NAMES["account"], "charge_account", "accounts", "repos", "projects"),
    "process": (*NAMES["process"], "pid", "ppid", "process_ids", "pids"),
    "host": (
        *("host", "hosts", "hostname", "hostnames", "host_name", "host.name", "nodename"),
        *("node_name", "nodelist", "node_list", "ip", "ip_address", "client_ip"),
    ),
    "person": (
        *("email", "e_mail", "emails", "mail", "full_name", "real_name", "first_name"),
        *("last_name", "surname", "phone"),
    ),
    "home": ("home", "home_directory", "homedir", "home_path", "home_dir"),
}

#: Of these, names for counts as well: only texts in them are identities.
PLURALS = ("users", "members", "accounts", "repos", "projects", "hosts", "emails")

#: Roles of a mapping that are identities.
ROLES = ("user", "job", "account", "process")

#: Names for a count of distinct users.
USERS = (
    *("users", "distinct_users", "unique_users", "n_users", "num_users", "user_count"),
    *("users_count", "number_of_users", "nunique_users"),
)

#: Words in the names of columns that count something.
_COUNTED = {"jobs", "records", "processes", "invocations", "imports", "documents", "runs"}
_COUNTS = {"count", "counts", "n", "weight", "len", "size", "job_count", "node_hours", "cpu_hours"}

#: How column names differ after a join, and as ``told_apart`` writes them.
_SUFFIX = re.compile(r"(?:_(?:x|y|left|right))?(?:#\d+)*$")

#: Where a word begins in a name such as ``uniqueUsers``.
_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2})")

#: Accounts in home paths that are nobody's.
_NOBODY = {
    *("jovyan", "user", "username", "users", "runner", "app", "ubuntu", "docker", "conda", "me"),
    *("shared", "public", "name", "you", "root", "local", "default", "guest", "work", "yourname"),
}

#: Where a path begins: not within a longer path or an address of the web.
_START = r"(?:(?<![\w./~-])|(?<=-[IL])|(?<=file://))"
_NAME = r"([A-Za-z_][\w.-]*)"

_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("home path", re.compile(_START + r"/global/(?:homes|u[0-9])/[a-z]/" + _NAME)),
    ("home path", re.compile(_START + r"/(?:pscratch/sd|scratch/sd)/[a-z]/" + _NAME)),
    (
        "home path",
        re.compile(_START + r"(?:/[\w-]+)?/(?:home|homes|users|Users)/(?:[a-z0-9]/)?" + _NAME),
    ),
    ("home path", re.compile(_START + r"/u/(?:[a-z0-9]/)?" + _NAME)),
    ("home path", re.compile(r"[A-Za-z]:[\\/]+Users[\\/]+([^\\/:*?\"<>|\s]+)")),
    ("home path", re.compile(r"(?<![\w/~])~([a-z_][\w-]*)/")),
    ("account", re.compile(_START + r"/global/(?:cfs/cdirs|project/projectdirs)/" + _NAME)),
    ("account", re.compile(_START + r"/projects?/" + _NAME + r"(?=/)")),
    (
        "e-mail",
        re.compile(r"(?<![\w.+-])([A-Za-z0-9][\w.+-]*@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,})(?![\w-])"),
    ),
    ("job id", re.compile(r"(?i)job[ _-]?ids?\W{1,4}(\d{4,})(?!\w)")),
    ("job id", re.compile(r"(?i)\bjob\s+#?(\d{5,})(?!\w)")),
    ("job id", re.compile(r"\bslurm-(\d{4,})(?:_\d+)?\.(?:out|err)\b")),
)

#: Addresses that are no person's: reserved names, and what version control writes.
_NO_ADDRESS = re.compile(
    r"(?i)^(?:git|noreply|no-reply)@|@(?:.*\.)?(?:example\.(?:org|com|net)|example|invalid|test"
    r"|localhost|noreply\.github\.com)$"
)


def normal(name: object) -> str:
    """A column's name as it is compared: in lower case, without the envelope, with underscores."""
    text = _CAPITAL.sub("_", str(name).strip()).lower().removeprefix("data.")
    return _SUFFIX.sub("", re.sub(r"[\s-]+", "_", text))


def told_apart(names: Iterable[str]) -> list[str]:
    """Names of columns, of which those that are empty or come again have their position."""
    found: dict[str, None] = {}
    for at, name in enumerate(names, 1):
        found[name if name and name not in found else f"{name}#{at}"] = None
    return list(found)


def columns_of_identity(mapping: Mapping[str, str]) -> dict[str, str]:
    """What columns hold, by ``normal`` name; ``mapping`` leads from roles to further columns."""
    found = {name: kind for kind, names in _COLUMNS.items() for name in names}
    found.update({normal(column): role for role, column in mapping.items() if role in ROLES})
    return found


#: What charts and tables put before the name of a column that they sum up.
_SUMMED = re.compile(r"^(?:sum|avg|average|mean|min|max|count|total|number)_(?:of_)?")

#: Words that say that a column of users counts them, and that it is no count.
_DISTINCT = {"nunique", "count", "counts", "n", "num", "number", "distinct", "unique", "total"}
_NO_COUNT = {"share", "shares", "percent", "percentage", "pct", "fraction", "ratio", "least"}

#: Words after which it is said of what the users are counted: “users per month”.
_OF = {"per", "by", "in", "of", "on", "with", "each", "a"}


def inner(name: object) -> str:
    """The name of a column within others: ``users`` of ``cell.users``."""
    return str(name).rsplit(".", 1)[-1]


#: Between the parts of a name that stands in several rows of a table's head.
LEVEL = " / "


def levels(name: object) -> list[str]:
    """The parts of a name that stands in several rows; of another, itself."""
    return str(name).split(LEVEL)


def is_users(name: object) -> bool:
    """Whether a column counts distinct users."""
    parts = levels(name)
    if len(parts) > 1:
        return any(map(is_users, parts)) or is_users(" ".join(parts))
    plain = normal(inner(name))
    words = re.findall(r"[^\W_]+", plain)
    if plain in USERS or _SUMMED.sub("", plain) in USERS:
        return True
    if _NO_COUNT & set(words):
        return False
    first, *rest = words or [""]
    if first == "users" and rest and (rest[0] in _OF or all(one.isdecimal() for one in rest)):
        return True
    who = {"user", "users", "username", "usernames"} & set(words)
    return words[-1:] == ["users"] or bool(who and _DISTINCT & set(words))


def cell_of(name: object) -> list[str]:
    """What a column of a wide table counts of: the month of ``users 2021-03``."""
    parts = levels(name)
    if len(parts) > 1:
        return [normal(one) for one in parts if not is_users(one) and not is_count(one)]
    return re.findall(r"\d+", normal(inner(name)))


def is_count(name: object) -> bool:
    """Whether a column counts jobs, records or processes, or is a sum or share of them."""
    parts = levels(name)
    if len(parts) > 1:
        return any(map(is_count, parts))
    plain = normal(inner(name))
    words = set(plain.split("_"))
    return plain in _COUNTS or bool(words & _COUNTED) or plain.endswith("job_share")


def patterns(text: str) -> Iterator[tuple[str, str]]:
    """(kind, who) of all that looks like an identity in a text."""
    if not any(sign in text for sign in ("/", "@", "\\", "job", "Job", "JOB", "slurm")):
        return
    seen: set[int] = set()
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            who = match[1].rstrip(".")
            if match.start(1) in seen:
                continue
            if kind == "e-mail" and _NO_ADDRESS.search(who):
                continue
            if kind == "home path" and who.lower() in _NOBODY:
                continue
            seen.add(match.start(1))
            yield kind, who


def mask(text: object) -> str:
    """An example that does not tell: the first letter, if there are others, and how many."""
    plain = str(text)
    first = plain[0] if len(plain) >= 4 else ""
    return f"{first}… ({len(plain)} characters)"
