#!/usr/bin/env python3
"""Record golden traces of the Python Microsoft Agent Framework against a scripted loopback server.

Usage:  python record.py [--only NAME[,NAME]] [--out DIR] [--check]

`scenarios.py` holds SCENARIOS: a list of dicts with the input half of a golden file (name, title, api, agent,
script, steps, notes, deviation).  This program runs the steps with the real framework, adds the `observed` half
and writes `<out>/<name>.json`, by default into ../golden.  The format is described in README.md.
"""
from __future__ import annotations

import argparse
import asyncio
import contextlib
import enum
import importlib.metadata
import json
import logging
import os
import pathlib
import re
import select
import shutil
import socket
import sys
import tempfile
import threading
import time
import urllib.parse
import warnings
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True

# The recorder must not inherit any provider configuration.
for _k in list(os.environ):
    if _k.startswith(("OPENAI_", "AZURE_", "AGENT_FRAMEWORK_", "OTEL_", "ENABLE_")) or _k.lower() in (
        "http_proxy", "https_proxy", "all_proxy",
    ):
        del os.environ[_k]
warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)

import agent_framework as af  # noqa: E402
from agent_framework import Agent, AgentSession, FunctionTool, Message  # noqa: E402
from agent_framework.openai import OpenAIChatClient, OpenAIChatCompletionClient  # noqa: E402

from scenarios import SCENARIOS  # noqa: E402

FORMAT = 1
MODEL = "gpt-4.1"
PIECE_GAP = 0.002  # pause between two network writes of one body


# --------------------------------------------------------------------------------------------------------------
# upstream identification


def _version(dist: str, module_file: str) -> str:
    try:
        return importlib.metadata.version(dist)
    except importlib.metadata.PackageNotFoundError:
        for parent in list(pathlib.Path(module_file).resolve().parents)[:4]:
            p = parent / "pyproject.toml"
            if p.exists():
                m = re.search(r'^version = "([^"]+)"', p.read_text(), re.M)
                if m:
                    return m.group(1)
        return "unknown"


def upstream(commit: str | None) -> dict[str, Any]:
    import agent_framework_openai

    return {
        "package": "agent-framework-core",
        "version": _version("agent-framework-core", af.__file__),
        "commit": commit,
        "with": {
            "agent-framework-openai": _version("agent-framework-openai", agent_framework_openai.__file__),
            **{d: importlib.metadata.version(d) for d in ("openai", "pydantic", "msgspec")},
            "python": ".".join(map(str, sys.version_info[:2])),
        },
    }


# --------------------------------------------------------------------------------------------------------------
# scripted server


def encode_frame(frame: dict[str, Any]) -> bytes:
    if "raw" in frame:
        return frame["raw"].encode("utf-8")
    data = frame["data"]
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    head = f"event: {frame['event']}\n" if frame.get("event") else ""
    return f"{head}data: {text}\n\n".encode("utf-8")


def pieces(frames: list[bytes], cuts: Any) -> list[bytes]:
    """Split a body into network writes: one per frame, or at the byte offsets asked for."""
    if not cuts:
        return frames
    body = b"".join(frames)
    at = list(range(cuts["every"], len(body), cuts["every"])) if isinstance(cuts, dict) else list(cuts)
    assert at == sorted(set(at)) and all(0 < c < len(body) for c in at), f"bad cuts for {len(body)} bytes"
    edges = [0, *at, len(body)]
    return [body[a:b] for a, b in zip(edges, edges[1:])]


class Server:
    """Answers the n-th request with the n-th script entry and records what was asked."""

    def __init__(self) -> None:
        outer = self
        self.script: list[dict[str, Any]] = []
        self.requests: list[dict[str, Any]] = []
        self.busy = 0
        self.lock = threading.Lock()

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def log_message(self, *a: Any) -> None: ...

            def do_GET(self) -> None:
                outer.handle(self)

            do_POST = do_DELETE = do_GET

        class Quiet(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request: Any, client_address: Any) -> None: ...

        self.httpd = Quiet(("127.0.0.1", 0), Handler)
        self.port = self.httpd.server_address[1]
        threading.Thread(target=self.httpd.serve_forever, args=(0.02,), daemon=True).start()

    def reset(self, script: list[dict[str, Any]]) -> None:
        with self.lock:
            self.script, self.requests = script, []

    async def idle(self, limit: float = 5.0) -> None:
        end = time.monotonic() + limit
        while time.monotonic() < end:
            with self.lock:
                if not self.busy:
                    return
            await asyncio.sleep(0.01)
        raise RuntimeError("the server did not become idle")

    def handle(self, h: BaseHTTPRequestHandler) -> None:
        with self.lock:
            self.busy += 1
        try:
            self._handle(h)
        except (BrokenPipeError, ConnectionResetError):
            h.close_connection = True
        finally:
            with self.lock:
                self.busy -= 1

    def _handle(self, h: BaseHTTPRequestHandler) -> None:
        raw = h.rfile.read(int(h.headers.get("content-length") or 0))
        rec: dict[str, Any] = {"method": h.command, "path": h.path}
        heads = {k: h.headers[k] for k in ("authorization", "api-key") if h.headers.get(k)}
        if heads:
            rec["headers"] = heads
        rec["body"] = json.loads(raw) if raw else None
        with self.lock:
            n = len(self.requests)
            self.requests.append(rec)
            entry = self.script[n] if n < len(self.script) else None
        if entry is None:
            rec["unscripted"] = True
            entry = {"status": 500, "headers": {"x-should-retry": "false"},
                     "json": {"error": {"message": "golden script has no more entries", "code": "unscripted"}}}
        status = entry.get("status", 200)
        if "sse" not in entry:
            body = json.dumps(entry.get("json"), ensure_ascii=False, separators=(",", ":")).encode()
            h.send_response_only(status)
            h.send_header("content-type", "application/json")
            h.send_header("content-length", str(len(body)))
            for k, v in (entry.get("headers") or {}).items():
                h.send_header(k, v)
            h.end_headers()
            h.wfile.write(body)
            return
        frames = entry["sse"]
        if entry.get("honour_starting_after"):
            after = urllib.parse.parse_qs(urllib.parse.urlsplit(h.path).query).get("starting_after")
            if after:
                frames = [f for f in frames if not isinstance(f.get("data"), dict)
                          or f["data"].get("sequence_number", 0) > int(after[0])]
        h.send_response_only(status)
        h.send_header("content-type", "text/event-stream; charset=utf-8")
        h.send_header("transfer-encoding", "chunked")
        for k, v in (entry.get("headers") or {}).items():
            h.send_header(k, v)
        h.end_headers()
        encoded = [encode_frame(f) for f in frames]
        hold = entry.get("hold")
        if hold:
            k = hold["before_frame"]
            self._write(h, encoded[:k])
            rec["client_closed_during_hold"] = self._held(h.connection, hold["ms"] / 1000)
            if rec["client_closed_during_hold"]:
                h.close_connection = True
                return
            self._write(h, encoded[k:])
        else:
            self._write(h, pieces(encoded, entry.get("cuts")))
        if entry.get("end") == "reset":
            h.wfile.flush()
            time.sleep(0.03)
            with contextlib.suppress(OSError):
                h.connection.shutdown(socket.SHUT_RDWR)
            h.close_connection = True
            return
        h.wfile.write(b"0\r\n\r\n")
        h.wfile.flush()

    @staticmethod
    def _write(h: BaseHTTPRequestHandler, parts: list[bytes]) -> None:
        for p in parts:
            h.wfile.write(f"{len(p):x}\r\n".encode() + p + b"\r\n")
            h.wfile.flush()
            time.sleep(PIECE_GAP)

    @staticmethod
    def _held(conn: socket.socket, seconds: float) -> bool:
        """Keep the response open; True when the client hangs up meanwhile."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            r, _, _ = select.select([conn], [], [], left)
            if r:
                try:
                    return conn.recv(1, socket.MSG_PEEK) == b""
                except OSError:
                    return True
        return False


# --------------------------------------------------------------------------------------------------------------
# projections of framework objects to JSON


def plain(v: Any) -> Any:
    def other(x: Any) -> Any:
        return x.value if isinstance(x, enum.Enum) else vars(x) if hasattr(x, "__dict__") else str(x)

    return json.loads(json.dumps(v, default=other))


def content(c: Any) -> dict[str, Any]:
    d = plain(c.to_dict())
    if not d.get("additional_properties"):
        d.pop("additional_properties", None)
    for it in d.get("items") or []:
        if not it.get("additional_properties"):
            it.pop("additional_properties", None)
    return d


def message(m: Any) -> dict[str, Any]:
    out = {"role": str(m.role), "author_name": m.author_name, "message_id": m.message_id, "text": m.text,
           "contents": [content(c) for c in m.contents]}
    if m.additional_properties:
        out["additional_properties"] = plain(m.additional_properties)
    return out


def usage(u: Any) -> Any:
    return {k: u[k] for k in sorted(u)} if u is not None else None  # upstream's key order follows hash order


def token(t: Any) -> Any:
    return plain(dict(t)) if t is not None else None


def response(r: Any) -> dict[str, Any]:
    return {"text": r.text, "messages": [message(m) for m in r.messages], "finish_reason": r.finish_reason,
            "response_id": r.response_id, "created_at": r.created_at, "usage": usage(r.usage_details),
            "continuation_token": token(r.continuation_token)}


def update(u: Any) -> dict[str, Any]:
    return {"text": u.text, "role": u.role, "author_name": u.author_name, "contents": [content(c) for c in u.contents],
            "finish_reason": u.finish_reason, "response_id": u.response_id, "message_id": u.message_id,
            "created_at": u.created_at, "continuation_token": token(u.continuation_token)}


def error(e: BaseException) -> dict[str, Any]:
    out: dict[str, Any] = {"type": type(e).__name__, "message": str(e)}
    inner = e.__cause__ or getattr(e, "inner_exception", None)
    if inner is not None:
        out["cause"] = {"type": type(inner).__name__}
        for k in ("status_code", "code"):
            if getattr(inner, k, None) is not None:
                out["cause"][k] = getattr(inner, k)
    for k in ("param", "content_filter_code", "content_filter_result"):
        v = getattr(e, k, None)
        if v is not None:
            out[k] = plain(v)
    return out


UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def normalise(v: Any, port: int, tmp: str) -> Any:
    if isinstance(v, str):
        return UUID.sub("<uuid>", v.replace(f"127.0.0.1:{port}", "127.0.0.1:<port>").replace(tmp, "<dir>"))
    if isinstance(v, list):
        return [normalise(x, port, tmp) for x in v]
    if isinstance(v, dict):
        return {k: normalise(x, port, tmp) for k, x in v.items()}
    return v


# --------------------------------------------------------------------------------------------------------------
# running one scenario


class Runner:
    def __init__(self, sc: dict[str, Any], srv: Server, tmp: str) -> None:
        self.sc, self.srv, self.tmp = sc, srv, tmp
        self.specs = {a["name"]: a for a in [sc["agent"], *sc.get("other_agents", [])]}
        self.agents: dict[str, Agent] = {}
        self.sessions: dict[str, AgentSession] = {}
        self.dumps: dict[str, Any] = {}
        self.tokens: dict[str, Any] = {}
        self.calls: list[dict[str, Any]] = []
        self.kept: list[Any] = []
        self.restart()

    def restart(self) -> None:
        self.agents = {n: self.build(s) for n, s in self.specs.items()}

    def build(self, spec: dict[str, Any]) -> Agent:
        cls = OpenAIChatClient if self.sc["api"] == "responses" else OpenAIChatCompletionClient
        if az := spec.get("azure"):
            client = cls(model=az["deployment"], azure_endpoint=f"http://127.0.0.1:{self.srv.port}", api_key="azure-key",
                         **({"api_version": az["api_version"]} if az.get("api_version") else {}))
        else:
            client = cls(model=spec.get("model", MODEL), api_key="test-key", base_url=f"http://127.0.0.1:{self.srv.port}/v1")
        providers = None
        if hist := spec.get("history"):
            if hist["kind"] == "in_memory":
                providers = [af.InMemoryHistoryProvider(*([hist["source_id"]] if hist.get("source_id") else []))]
            elif hist["kind"] == "file":
                providers = [af.FileHistoryProvider(self.tmp)]
            else:
                raise ValueError(hist)
        return Agent(client=client, instructions=spec.get("instructions"), name=spec["name"],
                     tools=[self.tool(t) for t in spec.get("tools", [])] or None,
                     default_options=dict(spec["options"]) if spec.get("options") else None,
                     context_providers=providers)

    def tool(self, t: dict[str, Any]) -> FunctionTool:
        async def call(**kw: Any) -> str:
            self.calls.append({"name": t["name"], "arguments": kw})
            for b in t["behaviour"]:
                if "when" in b and b["when"] != kw:
                    continue
                if "throws" in b:
                    raise RuntimeError(b["throws"])
                return b["returns"]
            raise RuntimeError("no behaviour matches")

        return FunctionTool(name=t["name"], description=t["description"], func=call, input_model=plain(t["parameters"]),
                            approval_mode="never_require")

    @staticmethod
    def input(v: Any) -> Any:
        def one(x: Any) -> Any:
            if isinstance(x, str):
                return x
            return Message(x["role"], x["contents"] if "contents" in x else [x["text"]])

        return [one(x) for x in v] if isinstance(v, list) else v if v is None else one(v)

    async def step(self, st: dict[str, Any]) -> dict[str, Any]:
        op = st["op"]
        agent = self.agents[st.get("agent", self.sc["agent"]["name"])]
        out: dict[str, Any] = {}
        if op == "create_session":
            if st.get("service_session_id"):
                s = agent.get_session(st["service_session_id"], session_id=st.get("session_id"))
            else:
                s = agent.create_session(session_id=st.get("session_id"))
            self.sessions[st["as"]] = s
            return {"session": plain(s.to_dict())}
        if op == "serialize_session":
            self.dumps[st["as"]] = json.dumps(self.sessions[st["session"]].to_dict())
            return {"session": json.loads(self.dumps[st["as"]])}
        if op == "restore_session":
            if st.get("fresh_agents"):
                self.restart()
            s = AgentSession.from_dict(json.loads(self.dumps[st["from"]]))
            self.sessions[st["as"]] = s
            return {"session": plain(s.to_dict())}
        if op == "restart":
            self.restart()
            return {}
        if op == "change_instructions":
            agent.default_options["instructions"] = st["instructions"]
            return {}
        if op == "read_history_files":
            return {"files": [{"name": p.name, "lines": [json.loads(x) for x in p.read_text("utf-8").split("\n") if x],
                               "ends_with_newline": p.read_bytes().endswith(b"\n")}
                              for p in sorted(pathlib.Path(self.tmp).iterdir())]}
        if op not in ("run", "run_streaming", "poll", "resume_stream"):
            raise ValueError(op)

        session = self.sessions[st["session"]] if st.get("session") else None
        options = dict(st.get("options") or {})
        if op in ("poll", "resume_stream"):
            options["continuation_token"] = self.tokens[st["token"]]
        kw = {"session": session, "options": options or None}
        before, ncalls = len(self.srv.requests), len(self.calls)
        last_token = None
        if op in ("run", "poll"):
            try:
                r = await agent.run(self.input(st.get("input")), **kw)
                out["response"] = response(r)
                last_token = r.continuation_token
            except Exception as e:
                out["error"] = error(e)
        else:
            out["updates"] = ups = []
            stream = agent.run(self.input(st.get("input")), stream=True, **kw)
            await asyncio.sleep(0.05)
            out["requests_before_first_pull"] = len(self.srv.requests) - before
            texts, limit, broke = 0, st.get("break_after"), False
            try:
                if not st.get("final_only"):
                    async for u in stream:
                        ups.append(update(u))
                        last_token = u.continuation_token or last_token
                        texts += bool(u.text)
                        if limit and texts >= limit:
                            broke = True
                            break
                if not broke:
                    out["final"] = response(await stream.get_final_response())
            except Exception as e:
                out["error"] = error(e)
                if st.get("final_after_error"):
                    try:
                        out["final"] = response(await stream.get_final_response())
                    except Exception as e2:
                        out["final_error"] = error(e2)
            out["broke"] = broke
            if broke:
                self.kept.append(stream)  # the handle stays referenced: what the garbage collector does is no behaviour
        await self.srv.idle()
        if st.get("token_as"):
            if last_token is None:
                raise RuntimeError(f"{self.sc['name']}: no continuation token to keep")
            self.tokens[st["token_as"]] = last_token
        out["request_indexes"] = list(range(before, len(self.srv.requests)))
        if self.calls[ncalls:]:
            out["tool_calls"] = self.calls[ncalls:]
        if session is not None:
            out["session"] = plain(session.to_dict())
        return out


def tolerances(sc: dict[str, Any], obs: dict[str, Any]) -> list[str]:
    out = []
    bodies = [r["body"] for r in obs["requests"] if r["body"]]
    if any("include" in b for b in bodies):
        out.append("T1-include")
    if any(a.get("role") == b.get("role") == "assistant" for x in bodies for a, b in zip(x.get("messages", []), x.get("messages", [])[1:])):
        out.append("T2-split-messages")
    if sc["api"] == "responses" and any(s.get("updates") for s in obs["steps"]):
        out.append("T3-message-id")
    if any("session" in s or "files" in s for s in obs["steps"]):
        out.append("T4-stored-form")
    if any("error" in s or "final_error" in s for s in obs["steps"]):
        out.append("T5-error-names")
    for st, s in zip(sc["steps"], obs["steps"]):
        if st["op"] == "run_streaming" and not (st.get("options") or {}).get("background") and any(
            u["continuation_token"] for u in s["updates"]
        ):
            out.append("T6-foreground-token")
            break
    if any(c["type"] == "function_call" for s in obs["steps"] for u in s.get("updates", []) for c in u["contents"]):
        out.append("T7-call-fragments")
    if any(k.startswith(("openai.", "completion/", "prompt/")) for s in obs["steps"] for k in ((s.get("response") or s.get("final") or {}).get("usage") or {})):
        out.append("T8-usage-keys")
    if sc["api"] == "responses" and any(b.get("tools") for b in bodies):
        out.append("T9-tool-schema")
    if any(i.get("type") == "function_call" for b in bodies if isinstance(b.get("input"), list) for i in b["input"]):
        out.append("T10-item-id")
    if '"exception":' in json.dumps(obs["steps"]):
        out.append("T11-exception-details")
    runs = [(st, s, s.get("response") or s.get("final") or {}) for st, s in zip(sc["steps"], obs["steps"])]
    if any(not m["contents"] for _, _, r in runs for m in r.get("messages", [])):
        out.append("T12-empty-message")
    open_ = [s for st, s, r in runs if r.get("continuation_token") or ((st.get("options") or {}).get("background") and s.get("broke"))]
    if open_:
        out.append("T13-token-form")
    if any((s.get("session") or {}).get("service_session_id") for s in open_):
        out.append("T14-open-background-id")
    return out


async def record(sc: dict[str, Any], srv: Server, up: dict[str, Any]) -> dict[str, Any]:
    tmp = tempfile.mkdtemp(prefix="golden-")
    try:
        srv.reset(sc["script"])
        runner = Runner(sc, srv, tmp)
        steps = []
        for st in sc["steps"]:
            steps.append(await asyncio.wait_for(runner.step(st), 30))
        obs = {"requests": srv.requests, "steps": steps}
        obs = normalise(plain(obs), srv.port, tmp)
        if len(obs["requests"]) != len(sc["script"]) and not sc.get("script_overrun"):
            print(f"  ! {sc['name']}: {len(sc['script'])} scripted, {len(obs['requests'])} requests", file=sys.stderr)
        keys = ["name", "title"]
        out = {"format": FORMAT, **{k: sc[k] for k in keys}, "upstream": up, "api": sc["api"], "agent": sc["agent"]}
        if sc.get("other_agents"):
            out["other_agents"] = sc["other_agents"]
        out |= {"script": sc["script"], "steps": sc["steps"], "observed": obs, "tolerances": tolerances(sc, obs),
                "notes": sc["notes"], "deviation": sc.get("deviation")}
        return out
    finally:
        shutil.rmtree(tmp, ignore_errors=True)


async def main() -> int:
    ap = argparse.ArgumentParser()
    ap.add_argument("--only", default="")
    ap.add_argument("--out", default=str(HERE.parent / "golden"))
    ap.add_argument("--commit", default=None, help="upstream commit the installed packages were taken from")
    ap.add_argument("--check", action="store_true", help="compare with the files instead of writing them")
    a = ap.parse_args()
    srv, up, bad = Server(), upstream(a.commit), 0
    dest = pathlib.Path(a.out)
    dest.mkdir(parents=True, exist_ok=True)
    for sc in SCENARIOS:
        if a.only and sc["name"] not in a.only.split(","):
            continue
        text = json.dumps(await record(sc, srv, up), indent=1, ensure_ascii=False) + "\n"
        f = dest / f"{sc['name']}.json"
        if a.check:
            same = f.exists() and f.read_text("utf-8") == text
            bad += not same
            print(("same   " if same else "DIFFERS"), sc["name"])
        else:
            f.write_text(text, "utf-8")
            print("wrote", sc["name"])
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
