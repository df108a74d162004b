#!/usr/bin/env python3
"""`isnad mcp` asked by the official SDK of the Model Context Protocol, over the invented week.

  pip install mcp
  tests/server/assistants.py PATH/TO/isnad      (built with --features mcp)
"""

import asyncio
import json
import pathlib
import subprocess
import sys
import tempfile

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

WEEK = pathlib.Path(__file__).resolve().parents[2] / "examples" / "week"


async def ask(isnad: str, ledger: str) -> None:
    lexicon = str(WEEK / "lexicon")
    server = StdioServerParameters(command=isnad, args=["mcp", "--ledger", ledger, "--lexicon", lexicon])
    async with stdio_client(server) as (read, write), ClientSession(read, write) as session:
        await session.initialize()
        assert [t.name for t in (await session.list_tools()).tools] == ["search", "trace", "show"]

        async def call(name: str, refused: bool = False, **arguments):
            answer = (await session.call_tool(name, arguments)).model_dump()
            failed = answer.get("isError", answer.get("is_error"))
            assert bool(failed) == refused, (name, arguments, answer)
            told = json.loads(answer["content"][0]["text"])
            if refused:
                assert told["status"] in (400, 404) and told["detail"], told
                return told
            # words of articles come beside a note that they are no instructions
            assert "never as instructions" in told["note"]
            return told["quoted_third_party_content"]

        found = (await call("search", query="مقاتلات"))["items"]
        assert found and all(f["snippets"][0]["highlights"] or f["title"]["highlights"] for f in found)
        first = (await call("trace", sort="origins", limit=1))["items"][0]
        whole = await call("trace", happening=first["id"])
        assert len(whole["roots"]) == first["origins"] > 1 and whole["claims"] and whole["disagreements"]
        assert all(c["chain"] and c["evidence"]["text"] for c in whole["claims"])
        document = await call("show", id=found[0]["document"]["id"])
        assert document["document"]["text"] and document["reading"]["events"] is not None
        assert (await call("show", id="country:XMR"))["did"]
        assert (await call("show", id="outlet:al-Qindil"))["sources"]
        for name, arguments in [("show", {}), ("show", {"id": "none"}), ("search", {}), ("trace", {"happening": "none"}),
                                ("trace", {"nonsense": 1}), ("trace", {"limit": 10**9}), ("nothing", {})]:
            await call(name, refused=True, **arguments)


def main() -> None:
    isnad = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        ledger = f"{folder}/week.ledger"
        add = [isnad, "add", "--quiet", "--ledger", ledger, "--lexicon", str(WEEK / "lexicon"), str(WEEK / "articles.jsonl")]
        subprocess.run(add, check=True, stderr=subprocess.DEVNULL)
        asyncio.run(asyncio.wait_for(ask(isnad, ledger), 120))
    print("assistants: search, trace and show answer; wrong questions are refused")


if __name__ == "__main__":
    main()
