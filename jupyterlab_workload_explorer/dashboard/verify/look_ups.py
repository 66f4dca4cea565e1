"""Names of hosts that programs of this machine look up for others, by sockets of theirs.

Who is asked for a name is up to the machine (``/etc/nsswitch.conf``): a name server by its port, or
one of these. To a dashboard all of them are the same.
"""

from __future__ import annotations

import posixpath
import re
import struct

from .trace import unescape

#: The port of name servers; it stands for whoever looks up names.
DNS = 53

#: systemd-resolved and Avahi, which do nothing else there.
_RESOLVERS = re.compile(r"(/var)?/run/(systemd/resolve/io\.systemd\.Resolve|avahi-daemon/socket)")

#: The C library's cache of users, groups, services and hosts.
_NSCD = re.compile(r"(/var)?/run/nscd/socket")

#: sssd, nslcd and systemd-userdbd, which know the users of most centers.
_ACCOUNTS = re.compile(r"/var/lib/sss/pipes/nss|(/var)?/run/(nslcd/socket|systemd/userdb/[^/]+)")

#: A request to nscd begins with its version, what is asked, and the length of what follows.
_REQUEST = struct.Struct("=iii")
#: What is asked for hosts: their addresses by name, names by address, and the cache of both.
_OF_HOSTS = frozenset({4, 5, 6, 7, 13, 14})

_TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"')


def is_resolver(path: str) -> bool:
    """Whether a socket is that of a program which looks up names of hosts."""
    return bool(_RESOLVERS.fullmatch(posixpath.normpath(path)))


def is_of_accounts(path: str) -> bool:
    """Whether a socket is that of a program which looks up users and groups."""
    return bool(_ACCOUNTS.fullmatch(posixpath.normpath(path)))


def is_nscd(path: str) -> bool:
    """Whether a socket is nscd's, which looks up names of hosts, and users as well."""
    return bool(_NSCD.fullmatch(posixpath.normpath(path)))


def asks_for_host(sent: str) -> bool | None:
    """Whether nscd is asked for a host; ``None`` where nobody can tell.

    ``sent`` is the argument of a call that sends something, as strace writes it.
    """
    found = _TEXT.search(sent)
    data = unescape(found[1]).encode("utf-8", "surrogateescape") if found else b""
    return None if len(data) < _REQUEST.size else _REQUEST.unpack_from(data)[1] in _OF_HOSTS
