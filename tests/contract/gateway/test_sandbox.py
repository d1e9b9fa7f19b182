"""The real client against the real gateway process: what each answer makes certain, and what is kept over a kill."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import httpx
import pytest

from tests.support.gateways import TOKEN, listening, until
from wherry.nonprod.gateway.launcher import running, start, stop
from wherry.outreach.channels.client import ChannelClient
from wherry.outreach.channels.sandbox import SandboxClient
from wherry.outreach.errors import InDoubt, NotAccepted, RateLimited, Unreachable
from wherry.outreach.types import Channel

MOBILE = "+447700900101"


@pytest.fixture(scope="module", autouse=True)
def _children_find_the_package():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(Path(__file__).parents[3] / "src"))
        yield


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("gateway")
    (folder / "token").write_text(TOKEN)
    return folder


@pytest.fixture(scope="module")
def address(folder):
    with running(data=folder / "data", token_file=folder / "token") as address:
        yield address


@pytest.fixture
def desk(address):
    """Speak to the gateway as its keeper does, with no faults at the start and none left behind."""
    with httpx.Client(base_url=address, headers={"Authorization": f"Bearer {TOKEN}"}, trust_env=False) as http:
        http.put("/faults", json={})
        yield http
        http.put("/faults", json={})


@pytest.fixture
def client(address):
    with SandboxClient(address=address, token=TOKEN) as client:
        yield client


def hand_off(client, reference, **more):
    content = {"to": MOBILE, "kind": Channel.SMS, "body": "Hello", "synthetic": True} | more
    return client.hand_off(reference=reference, **content)


def test_the_client_has_the_face_every_provider_has(client):
    face: ChannelClient = client
    assert face.is_sandbox


def test_a_message_taken_is_found_by_its_reference_and_read_by_the_resident(client, desk):
    message_id = hand_off(client, "one", body="How are you?")

    assert client.find(reference="one") == [message_id]
    assert client.find(reference="never heard of") == []
    assert desk.get("/inbox", params={"to": MOBILE}).json()["messages"][-1]["body"] == "How are you?"


def test_the_same_reference_again_is_a_second_message_as_with_real_providers_h_05(client, desk):
    first, second = hand_off(client, "again"), hand_off(client, "again")

    assert client.find(reference="again") == [first, second]
    assert desk.get("/counts").json()["by_reference"]["again"] == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"synthetic": False},
        {"to": "+441632960101"},
        {"to": "somebody"},
        {"kind": Channel.EMAIL},
        {"kind": Channel.CALL},
        {"body": " "},
        {"body": "x" * 70000},
    ],
)
def test_a_certain_refusal_leaves_nothing(client, wrong):
    with pytest.raises(NotAccepted):
        hand_off(client, "refused", **wrong)
    assert client.find(reference="refused") == []


@pytest.mark.parametrize(
    ("fault", "left"), [("error_before", 0), ("error_after", 1), ("reset_before", 0), ("reset_after", 1)]
)
def test_an_error_or_a_cut_connection_is_in_doubt_whatever_was_taken(client, desk, fault, left):
    desk.put("/faults", json={"shares": {fault: 1}})

    with pytest.raises(InDoubt):
        hand_off(client, fault)

    assert len(client.find(reference=fault)) == left


def test_a_busy_gateway_says_how_long_to_wait_and_takes_nothing(client, desk):
    desk.put("/faults", json={"shares": {"busy": 1}})

    with pytest.raises(RateLimited) as caught:
        hand_off(client, "busy")

    assert caught.value.after_seconds == 1.0
    assert client.find(reference="busy") == []


def test_a_message_taken_after_the_client_gave_up_is_not_there_at_first_and_then_is(address, client, desk):
    desk.put("/faults", json={"shares": {"late": 1}, "late_seconds": 0.6})

    with SandboxClient(address=address, token=TOKEN, timeout_seconds=0.2) as hasty, pytest.raises(InDoubt):
        hand_off(hasty, "late")

    assert client.find(reference="late") == []
    assert until(lambda: len(client.find(reference="late")) == 1)


def test_a_failed_look_up_is_in_doubt_not_empty(client, desk):
    desk.put("/faults", json={"lookup_fails_share": 1})

    with pytest.raises(InDoubt):
        client.find(reference="one")


def test_a_wrong_token_or_nobody_listening_leaves_nothing(address):
    with SandboxClient(address=address, token="not the token") as stranger, pytest.raises(Unreachable):
        hand_off(stranger, "stranger")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        closed = f"http://127.0.0.1:{free.getsockname()[1]}"
        with SandboxClient(address=closed, token=TOKEN) as alone, pytest.raises(Unreachable):
            hand_off(alone, "nobody")


@pytest.mark.parametrize(
    "answer",
    [b"HTTP/1.1 201 Created\r\n\r\nnot json", b"HTTP/1.1 201 Created\r\n\r\n{}", b"HTTP/1.1 302 Found\r\n\r\n", b"?"],
)
def test_an_answer_that_cannot_be_read_is_in_doubt(answer):
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer_once():
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(answer)

        thread = threading.Thread(target=answer_once)
        thread.start()
        with SandboxClient(address=f"http://127.0.0.1:{server.getsockname()[1]}", token=TOKEN) as client:
            with pytest.raises(InDoubt):
                hand_off(client, "strange")
        thread.join()


def test_no_error_of_the_client_holds_what_was_sent(client, desk):
    desk.put("/faults", json={"shares": {"reset_before": 1}})

    with pytest.raises(InDoubt) as caught:
        hand_off(client, "quiet", body="secret words")

    assert caught.value.__suppress_context__
    assert MOBILE not in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("method", "path", "content", "status"),
    [
        ("GET", "/nowhere", None, 404),
        ("GET", "/messages", None, 400),
        ("POST", "/messages", [], 400),
        ("PUT", "/callback", {"url": "http://provider.example/receipts"}, 400),
        ("PUT", "/callback", {"url": "https://127.0.0.1/receipts"}, 400),
        ("PUT", "/faults", {"shares": {"busy": 2}}, 400),
        ("PUT", "/faults", {"surprise": 2}, 400),
        ("POST", "/wrong-numbers", {"numbers": "one"}, 400),
        ("POST", "/inbound", {"from": MOBILE}, 400),
    ],
)
def test_the_gateway_answers_what_it_cannot_use_with_a_plain_refusal(desk, method, path, content, status):
    assert desk.request(method, path, json=content).status_code == status


def test_health_alone_needs_no_token(address):
    assert httpx.get(f"{address}/health", trust_env=False).json() == {"is": "sandbox gateway"}
    assert httpx.get(f"{address}/counts", trust_env=False).status_code == 401


def test_receipts_and_replies_come_back_until_they_are_taken(folder):
    with (
        listening() as listener,
        running(data=folder / "back", token_file=folder / "token", callback=listener.address) as address,
        SandboxClient(address=address, token=TOKEN) as client,
        httpx.Client(base_url=address, headers={"Authorization": f"Bearer {TOKEN}"}, trust_env=False) as desk,
    ):
        listener.refuse_first = 3
        desk.post("/wrong-numbers", json={"numbers": ["+447700900666"]})
        right = hand_off(client, "right")
        wrong = hand_off(client, "wrong", to="+447700900666")
        desk.post("/inbound", json={"from": MOBILE, "text": "STOP"})
        taken = listener.wait_for(5)

        said = {(event.get("provider_id"), event.get("status")) for event in taken if event["type"] == "receipt"}
        assert said == {(right, "sent"), (right, "delivered"), (wrong, "sent"), (wrong, "failed")}
        assert [event["text"] for event in taken if event["type"] == "inbound"] == ["STOP"]
        assert listener.tokens == {f"Bearer {TOKEN}"}
        assert len({event["event"] for event in taken}) == 5
        assert desk.get("/inbox", params={"to": "+447700900666"}).json() == {"messages": []}


def test_receipts_can_come_twice_and_the_wrong_way_round(folder):
    with (
        listening() as listener,
        running(data=folder / "twice", token_file=folder / "token", callback=listener.address) as address,
        SandboxClient(address=address, token=TOKEN) as client,
        httpx.Client(base_url=address, headers={"Authorization": f"Bearer {TOKEN}"}, trust_env=False) as desk,
    ):
        desk.put("/faults", json={"receipts_twice": True, "receipts_reversed": True, "receipt_seconds": 0.2})
        hand_off(client, "twice")
        taken = listener.wait_for(4)

        assert len({event["event"] for event in taken}) == 2
        last_first = [event["status"] for event in taken if event["status"] in ("sent", "delivered")]
        assert sorted(last_first) == ["delivered", "delivered", "sent", "sent"]
        assert last_first[-1] == "sent"


def test_what_was_acknowledged_survives_a_kill_and_its_receipts_still_come(folder):
    data = folder / "killed"
    process, address = start(data=data, token_file=folder / "token")
    with SandboxClient(address=address, token=TOKEN) as client:
        taken = [hand_off(client, "kept") for _ in range(20)]
        process.send_signal(signal.SIGKILL)
    stop(process)

    with (
        listening() as listener,
        running(data=data, token_file=folder / "token", callback=listener.address) as address,
        SandboxClient(address=address, token=TOKEN) as client,
    ):
        assert client.find(reference="kept") == taken
        assert (data / "address").read_text() == address
        assert len(listener.wait_for(40)) == 40


def test_a_gateway_ends_with_the_process_that_started_it(folder):
    code = (
        "import os, pathlib, sys\n"
        "from wherry.nonprod.gateway.launcher import start\n"
        "folder = pathlib.Path(sys.argv[1])\n"
        "process, address = start(data=folder / 'orphan', token_file=folder / 'token')\n"
        "print(process.pid, address, flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    ended = subprocess.run([sys.executable, "-c", code, str(folder)], capture_output=True, text=True)

    assert ended.returncode == -signal.SIGKILL
    _, address = ended.stdout.split()
    assert until(lambda: not answers(address))


def answers(address):
    try:
        return httpx.get(f"{address}/health", trust_env=False).is_success
    except httpx.HTTPError:
        return False


def test_a_gateway_that_cannot_start_says_why_in_one_line(tmp_path):
    (tmp_path / "token").write_text("short")
    command = [sys.executable, "-m", "wherry.nonprod.gateway", "--data", str(tmp_path)]

    ended = subprocess.run([*command, "--token-file", str(tmp_path / "token")], capture_output=True, text=True)

    assert ended.returncode == 4
    assert ended.stderr.count("\n") == 1
    assert "shorter than 16" in ended.stderr
