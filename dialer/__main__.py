"""`python -m dialer`: hands over to the command line."""

from adapters.cli import main

if __name__ == "__main__":
    main()
