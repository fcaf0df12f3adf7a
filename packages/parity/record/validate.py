#!/usr/bin/env python3
"""Check the golden files (standard library only) and serve as the reference for `deviation.expected`.

Usage: python validate.py [DIR ...]      default: ../golden

For every file: required keys, one observation per step, requests covered by the script, streamed texts that concatenate
to the final text, no trace of the recording machine.  For every deviation: upstream's own observation must NOT satisfy
`expected`, otherwise the deviation would be empty.
"""
from __future__ import annotations

import json
import pathlib
import re
import sys
from typing import Any

HERE = pathlib.Path(__file__).resolve().parent
KEYS = ["format", "name", "title", "upstream", "api", "agent", "script", "steps", "observed", "tolerances", "notes", "deviation"]
OPS = {"run", "run_streaming", "poll", "resume_stream", "create_session", "serialize_session", "restore_session", "restart",
       "change_instructions", "read_history_files"}


def texts(step: dict[str, Any]) -> list[str]:
    return [u["text"] for u in step.get("updates", []) if u["text"]]


def session_messages(step: dict[str, Any]) -> list[dict[str, str]]:
    """The messages of the session's local history, as role and joined text."""
    out = []
    for slot in (step.get("session") or {}).get("state", {}).values():
        for m in slot.get("messages", []) if isinstance(slot, dict) else []:
            out.append({"role": m["role"], "text": "".join(c.get("text") or "" for c in m["contents"] if c["type"] == "text")})
    return out


def visible(step: dict[str, Any]) -> str:
    r = step.get("final") or step.get("response") or {}
    return "".join(c.get("text") or c.get("refusal") or "" for m in r.get("messages", []) for c in m["contents"] if c["type"] in ("text", "refusal"))


def match(want: Any, got: Any) -> bool:
    """Partial match: listed object keys only, arrays elementwise with equal length, null matches absent."""
    if want == "<absent>" or want is None:
        return got is None
    if isinstance(want, dict):
        return isinstance(got, dict) and all(match(v, got.get(k)) for k, v in want.items())
    if isinstance(want, list):
        return isinstance(got, list) and len(want) == len(got) and all(map(match, want, got))
    return want == got


def failed(want: dict[str, Any], step: dict[str, Any]) -> bool:
    """`error` and `failure`: `kind` and `status` are for the tester's own mapping and not looked at here."""
    err = step.get("error")
    if err is None:
        return False
    text = json.dumps(err)
    return want.get("code", "") in text and want.get("message_contains", "") in text


def satisfies(exp: dict[str, Any], obs: dict[str, Any]) -> bool:
    for k, v in exp.items():
        if k == "any_of":
            ok = any(satisfies(e, obs) for e in v)
        elif k == "request_count":
            ok = len(obs["requests"]) == v
        elif k == "session_never_contains":
            ok = not any(w in json.dumps(s.get("session"), ensure_ascii=False) for w in v for s in obs["steps"])
        elif k == "requests":
            ok = True
            for i, want in v.items():
                if int(i) >= len(obs["requests"]):
                    return False
                got = obs["requests"][int(i)]
                for kk, w in want.items():
                    ok &= all(p in got["path"] for p in w) if kk == "path_contains" else match(w, got.get(kk))
        elif k == "steps":
            ok = True
            for i, want in v.items():
                st = obs["steps"][int(i)]
                for kk, w in want.items():
                    ok &= (texts(st) == w if kk == "texts" else session_messages(st) == w if kk == "session_messages"
                           else visible(st) == w if kk == "visible_text" else failed(w, st) if kk in ("error", "failure")
                           else match(w, st.get(kk)))
        else:
            raise KeyError(k)
        if not ok:
            return False
    return True


def check(f: pathlib.Path) -> list[str]:
    bad: list[str] = []
    raw = f.read_text("utf-8")
    d = json.loads(raw)
    bad += [f"no {k}" for k in KEYS if k not in d]
    if d["name"] != f.stem:
        bad.append("name differs from file name")
    if d["api"] not in ("chat_completions", "responses"):
        bad.append("api")
    if len(d["steps"]) != len(d["observed"]["steps"]):
        bad.append("steps and observations differ in number")
    bad += [f"unknown op {s['op']}" for s in d["steps"] if s["op"] not in OPS]
    overrun = isinstance(d["deviation"], dict) and d["deviation"]["expected"].get("request_count")
    if len(d["script"]) != (overrun or len(d["observed"]["requests"])):
        bad.append("script and requests differ in number")
    bad += ["unscripted request" for r in d["observed"]["requests"] if r.get("unscripted")]
    for s, o in zip(d["steps"], d["observed"]["steps"]):
        if o.get("broke") is False and "final" in o and "error" not in o and not s.get("final_only") and "".join(texts(o)) != o["final"]["text"]:
            bad.append(f"texts do not give the final text in {s}")
        if "updates" in o and o["requests_before_first_pull"] != 0:
            bad.append("request before the first pull")
    own = re.sub(r'"(path|arguments)": "[^"]*"', "", raw)
    for pat in (r"/(?:tmp|home|opt|usr|var)/", r"127\.0\.0\.1:\d", r"https?://", r"[0-9a-f]{8}-[0-9a-f]{4}-"):
        if re.search(pat, own):
            bad.append(f"trace of the recording machine: {pat}")
    dev = d["deviation"]
    if dev is not None:
        if set(dev) != {"upstream", "ours", "contract", "expected"}:
            bad.append("deviation keys")
        elif satisfies(dev["expected"], d["observed"]):
            bad.append("upstream satisfies the deviation's expectation")
    return bad


def main() -> int:
    dirs = [pathlib.Path(a) for a in sys.argv[1:]] or [HERE.parent / "golden"]
    n = wrong = 0
    for f in sorted(x for d in dirs for x in d.glob("*.json")):
        n += 1
        for b in check(f):
            wrong += 1
            print(f"{f.name}: {b}")
    print(f"{n} files, {wrong} problems")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
