"""A command run in this process: as `python -m` runs it, without a new Python and its imports."""

import contextlib
import io
import subprocess
import sys
from collections.abc import Callable, Mapping
from unittest import mock

from env.settings import REPO_DIR


def run_in_process(
    main: Callable[[], object], arguments: tuple[str, ...], environment: Mapping[str, str]
) -> "subprocess.CompletedProcess[str]":
    """Call `main` with these arguments and variables, in the repository's folder, with nothing on stdin."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    with (
        mock.patch.dict("os.environ", environment),
        mock.patch.object(sys, "argv", ["command", *arguments]),
        mock.patch.object(sys, "stdin", io.StringIO()),
        contextlib.chdir(REPO_DIR),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
    return subprocess.CompletedProcess(arguments, code, out.getvalue(), err.getvalue())
