"""A disk that is full: real, by the system's limit on the size of files."""

import pyarrow.parquet as pq

from .support import check_against, read_manifest, records, run_gather

LIMIT = (
    "import resource, signal\n"
    "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
    "resource.setrlimit(resource.RLIMIT_FSIZE, ({0}, {0}))\n"
)


def test_a_full_disk_leaves_nothing_half_written(node, make_index, tmp_path):
    index = make_index(records(6000, 31))
    out = tmp_path / "out"
    options = {"indices": index, "url": node.url, "out": out, "slice_documents": 150}
    for limit in (100, 2500, 10_000, 20_000):
        process = run_gather(options, LIMIT.format(limit))
        _, errors = process.communicate()
        assert process.returncode == 1, limit
        assert "There is no room left" in errors and "Traceback" not in errors
        for file in out.glob("month=*/*.parquet"):
            assert pq.ParquetFile(file).read().num_rows > 0
        if (out / "_manifest.json").exists():
            assert not read_manifest(out)["state"]["complete"]
    process = run_gather(options)
    _, errors = process.communicate()
    assert process.returncode == 0, errors
    check_against(node, index, out)
