"""`foederis serve [FOLDER]`"""

from __future__ import annotations

import contextlib
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from foederis.cli.common import BAD_INPUT

if TYPE_CHECKING:
    import socket

PORT = 8437


def serve(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder with your crisis files.")] = Path(),
    port: Annotated[int, typer.Option(min=0, max=65535, help="Where to listen; 0 takes any port that is free.")] = PORT,
    host: Annotated[str, typer.Option(help="The address to listen on; by default, this machine only.")] = "127.0.0.1",
    open_to_network: Annotated[
        bool, typer.Option("--open-to-network", help="Allow a --host that other machines can reach.")
    ] = False,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Only print the address.")] = False,
    max_states: Annotated[int, typer.Option(min=1, help="The most states a phase may have.")] = 200_000,
) -> None:
    """Serve the workbench: a page in your browser to try, change and understand the cases of a folder."""
    _check_folder(folder)
    if os.open not in os.supports_dir_fd:
        _stop("the workbench cannot keep to its folder on this system: it needs Linux, macOS or another POSIX system")
    from foederis.web.server import is_loopback, run

    if not is_loopback(host):
        if not open_to_network:
            _stop(
                f"{host} can be reached by other machines. Whoever gets to see the address can then read and change "
                "the files of the folder, and nothing is encrypted on the way. If that is meant, add --open-to-network"
            )
        typer.echo("warning: other machines can reach this server, and what it sends is not encrypted", err=True)
    try:
        listening = _listen(host, port)
    except OSError as problem:
        reason = problem.strerror or str(problem)
        _stop(f"port {port} on {host} cannot be had ({reason}). Take another with --port; --port 0 takes any")

    def started(url: str, once: str) -> None:
        import webbrowser

        typer.echo(f"The workbench for {folder.resolve()}:\n\n    {url}\n\nCtrl-C stops it.")
        if not no_browser:
            # What a browser is started with can be seen by everybody on the machine.
            threading.Thread(target=webbrowser.open, args=(once,), daemon=True).start()

    with contextlib.suppress(KeyboardInterrupt), listening:
        run(folder, listening, host, max_states, started)
    typer.echo("stopped")


def _check_folder(folder: Path) -> None:
    if folder.is_file():
        _stop(f"{folder} is a file. Serve the folder that it lies in: foederis serve {folder.parent}")
    if not folder.is_dir():
        _stop(f"there is no folder {folder}")


def _listen(host: str, port: int) -> socket.socket:
    """A socket that listens already, so that the port is known and nobody else can take it."""
    import socket

    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    listening = socket.socket(family, kind, protocol)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(128)
    except OSError:
        listening.close()
        raise
    return listening


def _stop(message: str) -> None:
    typer.echo(message, err=True)
    raise typer.Exit(BAD_INPUT)
