"""`python -m kartoteka.intake.sample FOLDER`: write the sample's files, or one plain CSV for a benchmark."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from kartoteka.intake.sample.files import write
from kartoteka.intake.sample.people import COUNTRIES
from kartoteka.intake.sample.plain import write_plain


def main(arguments: list[str] | None = None) -> int:
    """Write the files and say where; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m kartoteka.intake.sample", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--customers", type=int, default=1200, help="how many customers (default 1200)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same files")
    parser.add_argument("--countries", default=",".join(COUNTRIES), help=f"of {','.join(COUNTRIES)}")
    parser.add_argument("--truth", action="store_true", help="also write truth.csv: file,row,person")
    parser.add_argument(
        "--plain", action="store_true", help="one clean customers.csv, a row a customer, quickly"
    )
    chosen = parser.parse_args(arguments)
    countries = chosen.countries.upper().split(",")
    if unknown := sorted(set(countries) - set(COUNTRIES)):
        parser.error(f"no sample for {', '.join(unknown)}: choose of {', '.join(COUNTRIES)}")
    if chosen.customers < 1:
        parser.error("--customers must be 1 or more")
    if chosen.plain:
        chosen.folder.mkdir(parents=True, exist_ok=True)
        path = chosen.folder / "customers.csv"
        write_plain(path, count=chosen.customers, seed=chosen.seed, countries=countries)
        print(f"{path}: {chosen.customers} rows")
        return 0
    try:
        truth = write(chosen.folder, customers=chosen.customers, seed=chosen.seed, countries=countries)
    except ValueError as error:
        parser.error(str(error))
    for file in truth.files:
        print(f"{chosen.folder / file.name}: {len(file.rows)} rows")
    if chosen.truth:
        truth.save(chosen.folder / "truth.csv")
    return 0


if __name__ == "__main__":
    sys.exit(main())
