"""The server: for this machine and its own page only, questions as JSON only, nothing kept between two."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import subprocess
import sys
from contextlib import closing
from urllib.request import urlopen

import pytest
import sim
from sim.errors import UsageError
from sim.explorer import Explorer


def send(server, method="POST", path="/ask", body=None, **headers):
    port = int(server.url.rstrip("/").rpartition(":")[2])
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    usual = {"Host": f"127.0.0.1:{port}"}
    if body is not None:
        usual["Content-Type"] = "application/json"
    given = {key.replace("_", "-"): value for key, value in headers.items()}
    with closing(connection):
        connection.request(method, path, body=body, headers=usual | given)
        reply = connection.getresponse()
        return reply.status, reply.headers, reply.read()


def ask(server, **question):
    status, _, body = send(server, body=json.dumps(question))
    assert status == 200
    return json.loads(body)


def test_it_listens_on_this_machine_only(server):
    assert server.url.startswith("http://127.0.0.1:")
    assert server._http.server_address[0] == "127.0.0.1"


def test_the_page_runs_its_own_scripts_only(server):
    status, headers, _ = send(server, "GET", "/")
    assert status == 200
    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["/../server.py", "/page/index.html", "/etc/passwd", "/%2e%2e"])
def test_nothing_but_the_page_can_be_had(server, path):
    assert send(server, "GET", path)[0] == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example:80"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
    ],
)
def test_pages_of_others_are_refused(server, headers):
    """A name of somebody else that points here, or a page of somebody else that asks."""
    body = json.dumps({"ask": "verdict", "values": {}})
    assert send(server, body=body, **headers)[0] == 403


@pytest.mark.parametrize("body", ["", "{", "[]", "3", '"x"', "[" * 100_000])
def test_what_is_no_question_is_refused(server, body):
    assert send(server, body=body)[0] == 400


def test_a_form_is_no_question(server):
    body = json.dumps({"ask": "verdict", "values": {}})
    assert send(server, body=body, Content_Type="text/plain")[0] == 400
    assert send(server, body=body, path="/other")[0] == 400


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ({"ask": "nothing"}, "unknown question"),
        ({"ask": "verdict", "values": {"north.prize": 1}}, "did you mean 'north.price'"),
        ({"ask": "verdict", "values": {"north.price": "1"}}, "a number is needed"),
        ({"ask": "verdict", "values": {"north.price": True}}, "a number is needed"),
        ({"ask": "verdict", "values": {"north.price": float("nan")}}, "a number of a dispute"),
        ({"ask": "verdict", "values": {"north.price": 10**400}}, "a number of a dispute"),
        ({"ask": "verdict", "values": [1]}, "numbers by path are needed"),
        ({"ask": "landscape", "x": "north.price", "y": "north.price"}, "on both axes"),
        ({"ask": "landscape", "x": "north.price", "y": "no"}, "unknown parameter 'no'"),
        ({"ask": "beside", "other": "/etc/passwd"}, "is not one of the files compared"),
        ({"ask": "forecast"}, "no 'dynamics' section"),
    ],
)
def test_what_makes_no_sense_is_said_in_a_sentence(server, question, words):
    assert words in ask(server, **question)["error"]


def test_a_question_leaves_nothing_behind(server):
    assert ask(server, ask="verdict", values={"north.price": 0.8})["feasible"] is True
    assert ask(server, ask="verdict", values={})["feasible"] is False


def test_a_taken_port_is_refused_in_a_sentence(river):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(
            UsageError, match=rf"^port {port} cannot be used \(.*\); leave --port out"
        ):
            Explorer(river).serve(port)


def test_the_function_of_the_command_answers_until_it_is_stopped(river):
    made = sim.serve(river)
    assert str(made) == made.url
    assert send(made, "GET", "/")[0] == 200
    made.stop()
    with pytest.raises(OSError, match=r"."):
        send(made, "GET", "/")


@pytest.mark.skipif(sys.platform == "win32", reason="there an interruption is another thing")
def test_the_command_says_where_the_page_is_and_ends_with_ctrl_c(tmp_path, river_text):
    (tmp_path / "river.yaml").write_text(river_text, encoding="utf-8")
    words = [sys.executable, "-m", "sim", "serve", "river.yaml", "--no-open"]
    with subprocess.Popen(
        words, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        url = process.stdout.readline().strip()
        with urlopen(url, timeout=30) as page:
            assert b"start.js" in page.read()
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=60)
    assert process.returncode == 0
    assert told == "Ctrl-C ends it.\n"
