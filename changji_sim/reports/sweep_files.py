"""The table of a sweep as the file that is written: Parquet, or CSV."""

from __future__ import annotations

import io

import pandas as pd

from ..base.faults import SWEEP_EXTRA, Fault, FaultyInput
from ..base.messages import message
from .run_files import csv_bytes

PARQUET, CSV = "sweep.parquet", "sweep.csv"
JOURNAL = "sweep.journal.jsonl"  # what is done so far; removed when all is


def check_parquet() -> None:
    """Check before a long run that Parquet can be written.

    Raises:
        FaultyInput: pyarrow is not installed.
    """
    try:
        import pyarrow.parquet  # noqa: F401
    except ImportError as missing:
        what = message("a Parquet file needs pyarrow; {how}; --csv does without", how=SWEEP_EXTRA)
        raise FaultyInput([Fault("", what)]) from missing


def parquet_bytes(frame: pd.DataFrame) -> bytes:
    """A frame as Parquet: whole numbers, floats and texts, what is missing null; nothing of pandas' own in it.

    Raises:
        FaultyInput: pyarrow is not installed.
    """
    check_parquet()
    import pyarrow as pa
    from pyarrow import parquet

    kinds = {"i": pa.int64(), "f": pa.float64()}
    columns = {
        str(name): pa.array(frame[name].tolist(), kinds.get(frame[name].dtype.kind, pa.string()), from_pandas=True)
        for name in frame
    }
    out = io.BytesIO()
    parquet.write_table(pa.table(columns), out)
    return out.getvalue()


def sweep_bytes(frame: pd.DataFrame, is_csv: bool) -> dict[str, bytes]:
    """The file that a sweep writes, by its name."""
    return {CSV: csv_bytes(frame)} if is_csv else {PARQUET: parquet_bytes(frame)}
