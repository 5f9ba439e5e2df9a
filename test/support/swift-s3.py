"""A foreign S3 server: OpenStack Swift (Debian: python3-swift) with its S3 door, on this machine and for one test.

Arguments: folders, of which the first is used that keeps extended attributes (Swift's own way of keeping notes). Standard
output: one line, the port of the S3 door. Ends, with everything that it started, when its parent does.
"""

import ctypes
import os
import pwd
import signal
import socket
import sys

try:
    import swift.common.utils
    from swift.common.ring import RingBuilder
except ImportError:
    sys.exit("This test needs Swift. Run node scripts/test-tools.mjs, or as root: apt-get install python3-swift")

DIE_WITH_PARENT = 1
SERVERS = ("account", "container", "object")
USER = pwd.getpwuid(os.geteuid()).pw_name

SWIFT = """[swift-hash]
swift_hash_path_prefix = facet
swift_hash_path_suffix = facet
[storage-policy:0]
name = only
default = yes
"""

STORE = """[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
workers = 0
mount_check = false
disable_fallocate = true
devices = {folder}/node
swift_dir = {folder}
user = {user}
log_level = CRITICAL
[pipeline:main]
pipeline = {name}-server
[app:{name}-server]
use = egg:swift#{name}
"""

PROXY = """[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
workers = 0
swift_dir = {folder}
user = {user}
log_level = CRITICAL
[pipeline:main]
pipeline = catch_errors cache s3api tempauth bulk slo dlo proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:1
[filter:bulk]
use = egg:swift#bulk
[filter:slo]
use = egg:swift#slo
[filter:dlo]
use = egg:swift#dlo
[filter:s3api]
use = egg:swift#s3api
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = testing .admin
"""


def die_with_parent():
    ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)


def keeps_attributes(folder):
    probe = os.path.join(folder, "probe")
    try:
        open(probe, "w").close()
        os.setxattr(probe, "user.swift.probe", b"1")
        return True
    except OSError:
        return False


def free_ports(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def write(folder, name, text):
    with open(os.path.join(folder, name), "w") as file:
        file.write(text)


def make_ring(folder, name, port):
    builder = RingBuilder(2, 1, 0)
    builder.add_dev(
        {
            "id": 0,
            "region": 1,
            "zone": 1,
            "ip": "127.0.0.1",
            "port": port,
            "device": "disk",
            "weight": 1,
            "replication_ip": "127.0.0.1",
            "replication_port": port,
        }
    )
    builder.rebalance()
    builder.get_ring().save(os.path.join(folder, name + ".ring.gz"))


def main(folders):
    folder = next((each for each in folders if keeps_attributes(each)), None)
    if folder is None:
        sys.exit("Swift needs a folder that keeps extended attributes, and none of these does: " + ", ".join(folders))
    os.makedirs(os.path.join(folder, "node", "disk"))
    write(folder, "swift.conf", SWIFT)
    swift.common.utils.SWIFT_CONF_FILE = os.path.join(folder, "swift.conf")
    proxy, *stores = free_ports(1 + len(SERVERS))
    for name, port in zip(SERVERS, stores):
        make_ring(folder, name, port)
        write(folder, name + ".conf", STORE.format(name=name, port=port, folder=folder, user=USER))
    write(folder, "proxy.conf", PROXY.format(port=proxy, folder=folder, user=USER))

    from swift.common.wsgi import run_wsgi

    for name in (*SERVERS, "proxy"):
        if os.fork() == 0:
            die_with_parent()
            sys.exit(run_wsgi(os.path.join(folder, name + ".conf"), name + "-server"))
    print(proxy, flush=True)
    os.wait()
    sys.exit("A part of Swift ended.")


die_with_parent()
main(sys.argv[1:])
