"""The same as the command `citizendata`."""

from __future__ import annotations

from ckanext.citizendata.command import main

if __name__ == "__main__":
    main(prog_name="citizendata")
