"""What must be true of the ledger."""

import great_expectations.expectations as gxe
import pandas as pd
from great_expectations.expectations.expectation import Expectation

from etl.model import IN_LEDGER


def derive(frame: pd.DataFrame) -> pd.DataFrame:
    """Add the sum that must equal articles_read, and whether every dump that was not loaded has a reason."""
    return frame.assign(
        accounted=frame["inserted"] + frame["revised"] + frame["unchanged"] + frame["rejected"],
        is_explained=(frame["state"] == "loaded") | frame["reason"].notna(),
    )


def expectations() -> list[Expectation]:
    """Critical ones stop the publish."""
    return [
        gxe.ExpectColumnPairValuesToBeEqual(
            column_A="articles_read",
            column_B="accounted",
            severity="critical",
            notes="no article is lost: read = inserted + revised + unchanged + rejected",
        ),
        gxe.ExpectColumnValuesToBeInSet(
            column="state",
            value_set=[str(state) for state in IN_LEDGER],
            severity="critical",
            notes="ops.dump_status knows no other state",
        ),
        gxe.ExpectColumnValuesToBeInSet(
            column="is_explained",
            value_set=[True],
            severity="critical",
            notes="every dump that was not loaded has a reason",
        ),
    ]
