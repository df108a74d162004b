"""A PostgreSQL server of the tests' own, where its programs are installed (Debian: postgresql)."""

import io
import os
import pwd
import shutil
import subprocess
from pathlib import Path

from pyarrow import csv

SQL = Path(__file__).resolve().parents[1] / "sql"


def programs():
    found = shutil.which("initdb")
    folders = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True), *([Path(found).parent] if found else [])]
    return next((f for f in folders if all((f / name).exists() for name in ("initdb", "pg_ctl", "psql"))), None)


BIN = programs()


class Server:
    """A server of its own in a folder, reached by a socket in it."""

    def __init__(self, folder):
        self.folder = folder
        # the server refuses to run as root
        self.user = "postgres" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
        if os.getuid() == 0:
            shutil.chown(folder, self.user)
        self.run("initdb", "-D", folder / "data", "-A", "trust", "-U", "isnad", "--no-sync", "-E", "UTF8")
        options = f"-k {folder} -c listen_addresses= -c fsync=off"
        self.run("pg_ctl", "-D", folder / "data", "-w", "-o", options, "-l", folder / "log", "start")

    def run(self, program, *args, **more):
        before = ["runuser", "-u", self.user, "--"] if os.getuid() == 0 else []
        command = [*before, str(BIN / program), *map(str, args)]
        done = subprocess.run(command, capture_output=True, text=True, cwd="/", **more)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def ask(self, text):
        args = ["-h", self.folder, "-U", "isnad", "-d", "postgres", "-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1"]
        return self.run("psql", *args, input=text)

    def sql(self, text):
        return [line.split("\t") for line in self.ask(text).splitlines() if line]

    def table(self, text, names):
        """The same where it is long."""
        form = {"read_options": csv.ReadOptions(column_names=names), "parse_options": csv.ParseOptions(delimiter="\t", quote_char=False)}
        return csv.read_csv(io.BytesIO(self.ask(text).encode()), **form)

    def load(self, name, columns, table):
        """A table of the keys, as docs/scale.md lays it out."""
        cell = lambda v: "{" + ",".join(map(str, v)) + "}" if isinstance(v, list) else str(v)
        lines = ["\t".join(cell(v) for v in row.values()) for row in table.to_pylist()]
        self.sql(f"DROP TABLE IF EXISTS {name}; CREATE TABLE {name} ({columns});\nCOPY {name} FROM STDIN;\n" + "\n".join(lines) + "\n\\.\n")
