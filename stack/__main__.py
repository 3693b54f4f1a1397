"""`python -m stack` is the `frontdesk` command."""

from stack.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
