"""Which names a server has, by what it listens on."""

from __future__ import annotations

import socket

import pytest

pytest.importorskip("uvicorn")

from foederis.web.server import address, is_everywhere, is_loopback, names_of


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("127.0.0.1", True), ("127.8.9.1", True), ("::1", True), ("localhost", True), ("LOCALHOST", True), ("0.0.0.0", False),
     ("::", False), ("192.168.1.5", False), ("example.org", False), ("localhost.evil.example", False), ("", False)],
)  # fmt: skip
def test_what_only_this_machine_can_reach(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback


@pytest.mark.parametrize(
    ("host", "names"),
    [
        ("127.0.0.1", {"127.0.0.1:80", "localhost:80", "127.0.0.1", "localhost"}),
        ("::1", {"[::1]:80", "localhost:80", "[::1]", "localhost"}),
        ("localhost", {"127.0.0.1:80", "localhost:80", "127.0.0.1", "localhost"}),
        ("192.168.1.5", {"192.168.1.5:80", "192.168.1.5"}),
        ("Example.org", {"example.org:80", "example.org"}),
    ],
)
def test_the_names_of_a_server(host: str, names: set[str]) -> None:
    assert names_of(host, 80) == names
    assert names_of(host, 8437) == {name.replace(":80", ":8437") for name in names if name.endswith(":80")}


def test_all_addresses_have_the_name_of_the_machine() -> None:
    assert f"{socket.gethostname().lower()}:5" in names_of("0.0.0.0", 5)
    assert is_everywhere("0.0.0.0")
    assert is_everywhere("::")
    assert not is_everywhere("127.0.0.1")
    assert not is_everywhere("example.org")


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("::1", "[::1]"),
        ("0.0.0.0", "127.0.0.1"),
        ("::", "[::1]"),
        ("example.org", "example.org"),
    ],
)
def test_the_address_to_open(host: str, shown: str) -> None:
    assert address(host, 5, "t") == f"http://{shown}:5/?token=t"
