import socket

import pytest

from deploy.embedded.options import addresses, open_port, parse
from deploy.embedded.places import Places
from deploy.embedded.programs import environment, shown
from deploy.embedded.say import Trouble
from deploy.embedded.services import Services


def test_a_taken_port_is_passed_over() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert port < open_port("127.0.0.1", port) < port + 20


def test_a_free_port_is_used_as_asked() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert open_port("127.0.0.1", port) == port


def test_a_foreign_address_is_refused_with_advice() -> None:
    with pytest.raises(Trouble, match=r"^192\.0\.2\.1 is not an address of this machine\.$"):
        open_port("192.0.2.1", 8000)


def test_only_this_machine_is_listened_to_unless_asked() -> None:
    options = parse([])
    assert (options.host, options.port, options.sample) == ("127.0.0.1", 8000, None)
    assert addresses(options.host) == ["127.0.0.1", "localhost", "[::1]"]


def test_listening_to_the_network_allows_the_name_of_this_machine() -> None:
    assert socket.gethostname() in addresses("0.0.0.0")
    assert shown("0.0.0.0") == addresses("0.0.0.0")[-1]


def test_what_the_environment_says_wins_over_what_is_made_up(places: Places) -> None:
    services = Services("postgres://a", "unix:///b")
    given = {"SECRET_KEY": "given", "DEBUG": "1", "DATABASE_URL": ""}
    env = environment(places, services, parse(["--port", "8123"]), given)
    assert env["SECRET_KEY"] == "given"
    assert env["DEBUG"] == "1"
    assert env["DATABASE_URL"] == "postgres://a"
    assert env["PUBLIC_URL"] == "http://127.0.0.1:8123"
    assert env["PRIVATE_ROOT"] == str(places.state / "private")
    assert "POSTGRES_PASSWORD" not in env
