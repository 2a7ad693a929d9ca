"""`python -m foederis` is the command `foederis`."""

from foederis.cli import main

if __name__ == "__main__":
    main()
