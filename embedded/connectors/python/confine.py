"""Takes rights away from itself that a connector has no use for, and then becomes the connector.

    python confine.py RIGHTS -- PROGRAM ARGUMENTS...

RIGHTS is JSON: {"read": [PATH...], "write": [PATH...], "memoryBytes": N | null, "openFiles": N, "fileBytes": N}

Limits hold on every system that has them. On Linux no program that it starts gains rights (no_new_privs), and with Landlock (Linux 5.13,
where it is switched on) it sees no files beside those named here and those that programs and libraries need, and can neither look into
nor signal other processes. Where the system has none of it, the connector runs all the same: SECURITY.md says so.
"""

import ctypes
import json
import os
import resource
import struct
import sys

PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 24, 38
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
CREATE_RULESET_VERSION = 1
RULE_PATH_BENEATH = 1
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR, TRUNCATE, IOCTL_DEV = (1 << bit for bit in (0, 1, 2, 3, 14, 15))
OF_A_FILE = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV
READ = EXECUTE | READ_FILE | READ_DIR
REMOVE_FILE, MAKE_REG = 1 << 5, 1 << 8

# Programs, libraries, certificates, how names of hosts are looked up, and what the system tells about itself.
SYSTEM = ["/bin", "/etc", "/lib", "/lib32", "/lib64", "/nix", "/opt", "/proc", "/sbin", "/sys", "/usr", "/run/systemd/resolve", "/run/nscd"]
# For semaphores of its own in /dev/shm; those of others it can't list.
SHARED = READ_FILE | WRITE_FILE | TRUNCATE | MAKE_REG | REMOVE_FILE
DEVICES = ["/dev/null", "/dev/zero", "/dev/random", "/dev/urandom", "/dev/full", "/dev/tty"]


def limit(kind, value):
    if value is None or kind is None:
        return
    _, hard = resource.getrlimit(kind)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    try:
        resource.setrlimit(kind, (value, value))
    except (OSError, ValueError):
        pass  # macOS takes some only within its own bounds.


def see_only(libc, read, write):
    version = libc.syscall(CREATE_RULESET, None, 0, CREATE_RULESET_VERSION)
    if version < 1:
        return
    handled = (1 << {1: 13, 2: 14, 3: 15, 4: 15}.get(version, 16)) - 1
    scoped = 0b11 if version >= 6 else 0
    attributes = struct.pack("=QQQ", handled, 0, scoped)[: 8 if version < 4 else 16 if version < 6 else 24]
    ruleset = libc.syscall(CREATE_RULESET, attributes, len(attributes), 0)
    if ruleset < 0:
        return
    for rights, paths in ((READ, SYSTEM + read), (handled, write), (SHARED, ["/dev/shm"]), (READ | WRITE_FILE | IOCTL_DEV, DEVICES)):
        for path in paths:
            allow(libc, ruleset, rights & handled, path)
    libc.syscall(RESTRICT_SELF, ruleset, 0)
    os.close(ruleset)


def allow(libc, ruleset, rights, path):
    try:
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    if not os.path.isdir(path):
        rights &= OF_A_FILE
    libc.syscall(ADD_RULE, ruleset, RULE_PATH_BENEATH, struct.pack("=Qi", rights, opened), 0)
    os.close(opened)


def main():
    rights, _, *command = sys.argv[1:]
    given = json.loads(rights)
    limit(resource.RLIMIT_CORE, 0)  # A core dump holds the configuration.
    limit(resource.RLIMIT_NOFILE, given["openFiles"])
    limit(resource.RLIMIT_FSIZE, given["fileBytes"])
    limit(getattr(resource, "RLIMIT_DATA", None), given["memoryBytes"])
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        libc.syscall.restype = ctypes.c_long
        for capability in range(64):  # Root's, where root runs it.
            libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
        if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0:
            see_only(libc, [sys.base_prefix, *given["read"]], given["write"])
    os.umask(0o077)
    for opened in os.listdir("/dev/fd"):  # What the server itself was started with.
        if int(opened) > 2 and os.path.exists(f"/dev/fd/{opened}"):
            os.set_inheritable(int(opened), False)
    os.execv(command[0], command)


main()
