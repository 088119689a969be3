"""`rectify mail`: what was told to whom."""

import typer


def add_to(cli: typer.Typer) -> None:
    """Put these commands at the top level."""
