"""What strace writes, read."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from jupyterlab_workload_explorer.dashboard.verify.hosts import Hosts
from jupyterlab_workload_explorer.dashboard.verify.proof import OWN_GROUP, Proof, choose_proof
from jupyterlab_workload_explorer.dashboard.verify.proven import what_is_proven
from jupyterlab_workload_explorer.dashboard.verify.system_calls import Doings, doings_of
from jupyterlab_workload_explorer.dashboard.verify.trace import Trace, parse_trace

ODD = ['a<b>c, "q") = 3', "new\nline", "back\\slash", "<... open resumed>", "ü€", "tab\t#"]


def doings(*lines: str, folder: str = "/start") -> Doings:
    trace = parse_trace(lines)
    assert trace.broken == 0
    return doings_of(trace, folder)


def accesses(*lines: str) -> list[tuple[str, str, str]]:
    return [(one.path, one.how, one.error) for one in doings(*lines).accesses]


def test_calls_that_were_interrupted() -> None:
    trace = parse_trace(
        [
            '7 1.1 openat(AT_FDCWD</b>, "one", O_RDONLY <unfinished ...>',
            '8 1.2 openat(AT_FDCWD</b>, "two", O_RDONLY) = 3</b/two>',
            "7 1.3 <... openat resumed>) = 4</b/one>",
            '7 1.4 openat(AT_FDCWD</b>, "three", O_RDONLY <unfinished ...>',
            "7 1.5 --- SIGCHLD {si_signo=SIGCHLD} ---",
            "8 1.6 +++ killed by SIGKILL +++",
        ]
    )
    assert trace.broken == 0
    assert [(call.process, call.arguments[1], call.result) for call in trace.calls] == [
        (7, '"one"', "4</b/one>"),
        (8, '"two"', "3</b/two>"),
        (7, '"three"', "?"),
    ]
    assert trace.ended == {8: "killed by SIGKILL"}


def test_a_thread_that_becomes_its_process() -> None:
    trace = parse_trace(
        [
            '12 1.1 execve("/bin/true", ["true"], 0x7ff /* 3 vars */ <unfinished ...>',
            "11 1.2 +++ superseded by execve in pid 12 +++",
            "11 1.3 <... execve resumed>) = 0",
            "11 1.4 +++ exited with 0 +++",
        ]
    )
    assert trace.broken == 0
    assert [(call.process, call.name, call.result) for call in trace.calls] == [(11, "execve", "0")]
    assert set(trace.ended) == {11, 12}


def test_lines_that_are_not_understood_are_counted() -> None:
    lines = ["nonsense", "7 1.1 openat(AT_FDCWD</b>, ", "7 1.2 <... openat resumed>) = 3", ""]
    assert parse_trace(lines).broken == 4


def test_paths_start_where_the_call_says() -> None:
    assert accesses(
        '7 1.1 openat(5</data>, "x", O_RDONLY) = -1 EACCES (Permission denied)',
        '7 1.2 open("y", O_RDONLY) = -1 EPERM (Operation not permitted)',
        '7 1.3 chdir("sub") = 0',
        '7 1.4 open("z", O_WRONLY|O_CREAT, 0666) = -1 EACCES (Permission denied)',
        "7 1.5 fork() = 9",
        '9 1.6 unlink("../gone") = 0',
        '7 1.7 openat(AT_FDCWD</start>, "link", O_RDONLY) = 3</real/file>',
        '7 1.8 openat(AT_FDCWD</start>, "none", O_RDONLY) = -1 ENOENT (No such file)',
        '7 1.9 openat(AT_FDCWD</start>, "memory", O_RDONLY) = 4</memfd:x>(deleted)',
        '7 1.95 openat(AT_FDCWD</start>, "folder", O_RDONLY|O_DIRECTORY) = 4</start/folder>',
    ) == [
        ("/data/x", "read", "EACCES"),
        ("/start/y", "read", "EPERM"),
        ("/start/sub/z", "write", "EACCES"),
        ("/start/gone", "change", ""),
        ("/real/file", "read", ""),
        ("/start/none", "read", "ENOENT"),
        ("/start/folder", "list", ""),
    ]


def test_addresses() -> None:
    found = doings(
        "7 1.1 connect(3<socket:[1]>, {sa_family=AF_INET, sin_port=htons(80), "
        'sin_addr=inet_addr("192.0.2.1")}, 16) = -1 EINPROGRESS (Operation now in progress)',
        "7 1.2 connect(3<socket:[1]>, {sa_family=AF_INET6, sin6_port=htons(81), "
        'sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "2001:db8::1", &sin6_addr), '
        "sin6_scope_id=0}, 28) = 0",
        '7 1.3 sendto(4<socket:[2]>, "sa_family=AF_INET, sin_port=htons(1)", 9, 0, NULL, 0) = 9',
        "7 1.4 sendmsg(4<socket:[2]>, {msg_name={sa_family=AF_INET, sin_port=htons(53), "
        'sin_addr=inet_addr("192.0.2.2")}, msg_namelen=16, msg_iov=[{iov_base="x", iov_len=1}], '
        "msg_iovlen=1, msg_controllen=0, msg_flags=0}, 0) = 1",
        '7 1.5 connect(5<socket:[3]>, {sa_family=AF_UNIX, sun_path="/run/a \\"b\\".sock"}, 20) = 0',
        '7 1.6 connect(5<socket:[3]>, {sa_family=AF_UNIX, sun_path=@"name"}, 20) = 0',
        '7 1.7 connect(5<socket:[3]>, {sa_family=AF_UNIX, sun_path="/run/nobody"}, 20) = '
        "-1 ENOENT (No such file or directory)",
        "7 1.8 bind(6<socket:[4]>, {sa_family=AF_NETLINK, nl_pid=0, nl_groups=00000000}, 12) = 0",
        "7 1.9 connect(7<socket:[5]>, {sa_family=AF_VSOCK, svm_cid=0x2, svm_port=0x50}, 16) = 0",
    )
    assert [(one.host, one.port, one.path) for one in found.contacts] == [
        ("192.0.2.1", 80, ""),
        ("2001:db8::1", 81, ""),
        ("192.0.2.2", 53, ""),
        ("", 0, '/run/a "b".sock'),
        ("", 0, "@name"),
        ("AF_VSOCK", 0, ""),
    ]


def test_all_messages_that_are_sent_at_once() -> None:
    found = doings(
        "7 1.1 sendmmsg(4<socket:[2]>, [{msg_hdr={msg_name={sa_family=AF_INET, sin_port=htons(1), "
        'sin_addr=inet_addr("192.0.2.1")}, msg_namelen=16, msg_iov=[{iov_base="\\"msg_name={sa_fami'
        'ly=AF_INET, sin_port=htons(9)"..., iov_len=99}], msg_iovlen=1, msg_flags=0}, msg_len=99}, '
        '{msg_hdr={msg_name={sa_family=AF_UNIX, sun_path="/run/a}b"}, msg_namelen=11, '
        'msg_iov=[{iov_base="x", iov_len=1}], msg_iovlen=1, msg_flags=0}, msg_len=1}, {msg_hdr={'
        'msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="y", iov_len=1}], msg_iovlen=1}}, '
        "{msg_hdr={msg_name={sa_family=AF_INET6, sin6_port=htons(2), sin6_flowinfo=htonl(0), "
        'inet_pton(AF_INET6, "2001:db8::1", &sin6_addr), sin6_scope_id=0}, msg_namelen=28}}], 4, 0)'
        " = 2",
    )
    assert [(one.host, one.port, one.path) for one in found.contacts] == [
        ("192.0.2.1", 1, ""),
        ("", 0, "/run/a}b"),
        ("2001:db8::1", 2, ""),
    ]


NSCD = '{sa_family=AF_UNIX, sun_path="/var/run/nscd/socket"}'


def asked(*sent: str, connected: str = "0") -> list[tuple[str, int, str]]:
    """What a connection to nscd is taken for, by what is sent through it."""
    found = doings(
        f"7 1.1 connect(3<socket:[5]>, {NSCD}, 110) = {connected}",
        *(f"7 1.{at} {one}" for at, one in enumerate(sent, 2)),
    )
    return [(one.host, one.port, one.path) for one in found.contacts]


def test_nscd_is_asked_for_users_and_for_hosts() -> None:
    """Requests as the C library makes them, with what strace wrote of them."""
    by_name = ("/var/run/nscd/socket", 53, "")
    for data, expected in (
        # passwd, a user by number, group, groups of a user, services, a service by name.
        (r"\2\0\0\0\v\0\0\0\7\0\0\0passwd\0", []),
        (r"\2\0\0\0\1\0\0\0\2\0\0\0000\0", []),
        (r"\2\0\0\0\f\0\0\0\6\0\0\0group\0", []),
        (r"\2\0\0\0\17\0\0\0\5\0\0\0root\0", []),
        (r"\2\0\0\0\22\0\0\0\t\0\0\0services\0", []),
        (r"\2\0\0\0\20\0\0\0\6\0\0\0http/\0", []),
        # hosts, addresses by getaddrinfo and gethostbyname, a name by gethostbyaddr.
        (r"\2\0\0\0\r\0\0\0\6\0\0\0hosts\0", [by_name]),
        (r"\2\0\0\0\16\0\0\0\f\0\0\0example.org\0", [by_name]),
        (r"\2\0\0\0\4\0\0\0\f\0\0\0example.com\0", [by_name]),
        (r"\2\0\0\0\6\0\0\0\4\0\0\0\300\0\2\1", [by_name]),
    ):
        sent = f'sendto(3<socket:[5]>, "{data}", 18, MSG_NOSIGNAL, NULL, 0) = 18'
        assert asked(sent) == expected, data


def test_nscd_by_other_ways() -> None:
    user = r'"\2\0\0\0\1\0\0\0\2\0\0\0000\0"'
    host = r'"\2\0\0\0\16\0\0\0\f\0\0\0example.org.which.is"...'
    for data, number in ((user, 0), (host, 1)):
        # As musl does it, and by a copy of the descriptor after something else was asked.
        whole = (
            f"sendmsg(3<socket:[5]>, {{msg_name=NULL, msg_namelen=0, msg_iov=[{{iov_base={data}, "
            "iov_len=12}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, MSG_NOSIGNAL) = 12"
        )
        copied = f"sendto(9<socket:[5]>, {data}, 40, 0, NULL, 0) = 40"
        first = f"sendto(3<socket:[5]>, {user}, 14, MSG_NOSIGNAL, NULL, 0) = 14"
        assert len(asked(whole)) == len(asked(first, copied)) == number
    # What is written by a call that is not watched, or is no request that is known.
    unknown = [("", 0, "/var/run/nscd/socket")]
    assert asked() == asked('sendto(3<socket:[5]>, "\\2\\0", 2, 0, NULL, 0) = 2') == unknown


def test_nscd_is_only_looked_for() -> None:
    for error in ("ENOENT (No such file or directory)", "ECONNREFUSED (Connection refused)"):
        assert asked(connected=f"-1 {error}") == []


def traced(script: str, folder: Path, strace: str) -> Doings:
    """What a script of Python does in a folder, by strace."""
    proof = choose_proof(strace)
    trace = folder.parent / f"{folder.name}.trace"
    subprocess.run(
        [*proof.options, "-o", trace, "--", *OWN_GROUP, sys.executable, "-I", "-S", "-c", script],
        cwd=folder,
        check=True,
        stdin=subprocess.DEVNULL,
    )
    with trace.open(encoding="utf-8", errors="surrogateescape") as lines:
        parsed = parse_trace(lines)
    assert parsed.broken == 0
    return doings_of(parsed, str(folder))


#: Sends an empty message to each of many ports, all by one call.
SEND_MANY = """
import ctypes, socket, struct
class Message(ctypes.Structure):
    _fields_ = [("name", ctypes.c_char_p), ("name_size", ctypes.c_uint), ("parts", ctypes.c_void_p),
        ("number", ctypes.c_size_t), ("control", ctypes.c_void_p), ("size", ctypes.c_size_t),
        ("flags", ctypes.c_size_t), ("sent", ctypes.c_size_t)]
names = [struct.pack("=H", socket.AF_INET) + struct.pack(">H4s8x", port, b"\\x7f\\0\\0\\1")
         for port in range(50001, 50041)]
messages = (Message * 40)(*[Message(name, 16) for name in names])
sender = socket.socket(type=socket.SOCK_DGRAM)
assert ctypes.CDLL(None).sendmmsg(sender.fileno(), messages, 40, 0) == 40
"""


def test_many_messages_as_strace_writes_them(tmp_path: Path, strace: str) -> None:
    found = traced(SEND_MANY, tmp_path, strace)
    assert [one.port for one in found.contacts] == list(range(50001, 50041))


def test_a_user_is_looked_up(tmp_path: Path, strace: str) -> None:
    """The C library asks nscd first, whether or not there is one."""
    assert traced("import pwd\npwd.getpwuid(0)", tmp_path, strace).contacts == []


def test_odd_names_as_strace_writes_them(tmp_path: Path, strace: str) -> None:
    for name in ODD:
        (tmp_path / name).write_text("")
    script = "import os\nfor name in os.listdir('.'):\n    open(name).close()"
    found = traced(script, tmp_path, strace)
    read = {one.path for one in found.accesses if one.how == "read"}
    assert {os.path.relpath(one, tmp_path) for one in read if tmp_path.name in one} == set(ODD)


def test_a_trace_that_is_not_whole_proves_nothing() -> None:
    whole = ['7 1.1 open("a", O_RDONLY) = 3</a>', "7 1.2 +++ exited with 0 +++"]
    watched = ["files", "hosts", "processes"]
    for lines, unproven in (
        (whole, []),
        (whole[:1], watched),
        ([*whole, "half a li"], watched),
        (["7 1.0 io_uring_setup(8, {flags=0}) = 3", *whole], watched),
        (["7 1.0 io_uring_setup(8, {flags=0}) = -1 ENOSYS (Function not implemented)", *whole], []),
        ([], watched),
    ):
        trace: Trace = parse_trace(lines)
        proven = what_is_proven(Proof("strace"), Hosts(), trace, ["sys"])
        assert list(proven.open) == unproven, lines
