"""DHT nodes of libtorrent (Debian's python3-libtorrent), one on each of the addresses, and nothing else.

Arguments: the UDP port of all of them, then the addresses. Standard input may have commands, one
a line, all in hex; the first node does them, and a line on standard output says what came of it:

    put SECRET PUBLIC VALUE   a byte string under a key; SECRET is the 64-byte expanded private key
                              -> put SEQUENCE SIGNATURE NODES
    get PUBLIC                -> got SEQUENCE SIGNATURE BENCODED_VALUE, or - for a value that is no
                                 byte string: Python is not shown others

A command without an outcome in time is answered with the word and "nothing".
"""

import sys
import threading
import time

import libtorrent as lt

# A lookup waits 15 s for a node that is silent, and a put is two of them.
PATIENCE_SECONDS = 60

# What guards a public network stands in the way of a small one, where all are neighbours: routing
# tables that take one node of an address block only, ids that have to fit the address (BEP 42), and
# 8000 bytes a second for all, which 16 nodes that get to know each other need more than. What stays
# as it is: whoever sends a node 50 packets in ten seconds is not listened to for five minutes.
SETTINGS = {
    "enable_dht": True,
    "enable_lsd": False,
    "enable_upnp": False,
    "enable_natpmp": False,
    "dht_bootstrap_nodes": "",
    "dht_restrict_routing_ips": False,
    "dht_restrict_search_ips": False,
    "dht_enforce_node_id": False,
    "dht_prefer_verified_node_ids": False,
    "dht_ignore_dark_internet": False,
    "dht_upload_rate_limit": 1_000_000,
    "alert_mask": lt.alert.category_t.dht_notification
    | lt.alert.category_t.status_notification
    | lt.alert.category_t.error_notification,
}


def start(port, addresses):
    nodes = [lt.session({**SETTINGS, "listen_interfaces": f"{a}:{port}"}) for a in addresses]
    # When a node hears what its address is, it takes another id, and under its first one the others
    # would ask for it in vain. So this is how it hears; then all begin anew.
    await_that(lambda: all(node.is_dht_running() for node in nodes))
    introduce(nodes, addresses, port)
    for node in nodes:
        while not answer(node, lambda a: isinstance(a, lt.external_ip_alert), 2):
            introduce(nodes, addresses, port)
    for node in nodes:
        node.apply_settings({"enable_dht": False})
    await_that(lambda: not any(node.is_dht_running() for node in nodes))
    time.sleep(1)  # what is still under way names the first ids
    for node in nodes:
        node.apply_settings({"enable_dht": True})
    await_that(lambda: all(node.is_dht_running() for node in nodes))
    introduce(nodes, addresses, port)
    return nodes


def await_that(is_so):
    while not is_so():
        time.sleep(0.01)


def introduce(nodes, addresses, port):
    for node, own in zip(nodes, addresses):
        for address in addresses:
            if address != own:
                node.add_dht_node((address, port))


def answer(node, is_it, seconds=PATIENCE_SECONDS):
    """The first alert that is_it; None if none comes in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        node.wait_for_alert(100)
        for alert in node.pop_alerts():
            if is_it(alert):
                return alert
    return None


def put(node, secret, public, value):
    node.dht_put_mutable_item(secret, public, value, b"")
    done = answer(node, lambda a: isinstance(a, lt.dht_put_alert) and a.public_key == public)
    return f"put {done.seq} {done.signature.hex()} {done.num_success}" if done else "put nothing"


def get(node, public):
    node.dht_get_mutable_item(public, b"")
    # The last word is authoritative: what came before may be older.
    found = answer(
        node,
        lambda a: isinstance(a, lt.dht_mutable_item_alert) and a.key == public and a.authoritative,
    )
    if not found or "<uninitialized>" in found.message():
        return "got nothing"
    return f"got {found.seq} {found.signature.hex()} {value_of(found)}"


def value_of(alert):
    try:
        return lt.bencode(alert.item["value"]).hex()
    except RuntimeError:
        return "-"


def main():
    nodes = start(int(sys.argv[1]), sys.argv[2:])
    commands = {"put": put, "get": get}
    for line in sys.stdin:
        word, *arguments = line.split()
        print(commands[word](nodes[0], *map(bytes.fromhex, arguments)), flush=True)
    threading.Event().wait()


main()
