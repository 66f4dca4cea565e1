"""The demo data give the published values: an independent proof by DuckDB over the files.

From one million rows up every value of the first study comes out within a tenth.
`WORKLOAD_PROVE=1` also proves it at ten million, `WORKLOAD_SAMPLE_ROWS` at another number.
"""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from sizes import PROVE, size

from cli import run

MILLION = 1_000_000
ROWS = int(os.environ.get("WORKLOAD_SAMPLE_ROWS", size("sample_rows", prove=False)))

# Shape, rows and seed.
SAMPLES = [("long", ROWS, "1"), ("long", ROWS, "20210531"), ("wide", ROWS, "3")]
if PROVE:
    SAMPLES += [("long", size("sample_rows"), "1")]

# The default population: no staff, compute nodes.
POPULATION = "NOT is_staff AND is_compute"
ENVIRONMENT = """CASE WHEN is_shifter THEN 'container'
    WHEN executable LIKE '/usr/common/software/python/%' THEN 'center module'
    WHEN executable LIKE '%conda%' THEN 'conda' ELSE 'other' END"""

# Packages that come together, and the band in which the study shows r.
TOGETHER = [
    ("numpy", "scipy"),
    ("astropy", "mpi4py"),
    ("netCDF4", "xarray"),
    ("dask", "xarray"),
    ("dask", "netCDF4"),
    ("keras", "tensorflow"),
]
BAND = (0.6, 0.8)

TRACKED = [
    "ROOT.std",
    "ase",
    "astropy",
    "astropy.io.fits",
    "bokeh",
    "cartopy",
    "cudf",
    "cuml",
    "cupy",
    "cupyx",
    "cv2",
    "dask",
    "deap",
    "fireworks",
    "fitsio",
    "flax",
    "gensim",
    "gpaw",
    "h5py",
    "ipykernel",
    "ipyparallel",
    "jax",
    "joblib",
    "keras",
    "matplotlib",
    "mkl",
    "mpi4py",
    "multiprocessing",
    "mxnet",
    "netCDF4",
    "nltk",
    "numba",
    "numexpr",
    "numpy",
    "pandas",
    "papermill",
    "parsl",
    "plotly",
    "psycopg2",
    "pycuda",
    "pymatgen",
    "pyopencl",
    "ray",
    "rpy2",
    "scipy",
    "seaborn",
    "sklearn",
    "spacy",
    "statsmodels",
    "tensorflow",
    "theano",
    "torch",
    "xarray",
]


@dataclass
class Sample:
    folder: Path
    shape: str
    rows: int
    connection: duckdb.DuckDBPyConnection

    def all(self, query: str) -> list[tuple]:
        return self.connection.sql(query).fetchall()

    def one(self, query: str):
        ((value,),) = self.all(query)
        return value


@pytest.fixture(scope="module", params=SAMPLES, ids=lambda sample: "-".join(map(str, sample)))
def sample(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Sample:
    shape, rows, seed = request.param
    folder = tmp_path_factory.mktemp("sample")
    outcome = run(
        ["sample", "--rows", str(rows), "--out", str(folder), "--shape", shape, "--seed", seed]
    )
    assert outcome.status == 0, outcome.err
    connection = duckdb.connect()
    connection.sql("SET TimeZone = 'UTC'")
    for name in ("records", "jobs", "users"):
        connection.sql(f"CREATE VIEW {name} AS FROM read_parquet('{folder / name}.parquet')")
    # One row a process and package, for either shape.
    package = "unnest(packages)" if shape == "wide" else "subservice"
    connection.sql(
        f"""CREATE TABLE uses AS SELECT DISTINCT {package} AS package, username, job_id, num_nodes,
            is_staff, is_compute FROM records"""
    )
    return Sample(folder, shape, rows, connection)


def test_rows(sample: Sample) -> None:
    assert sample.one("SELECT count(*) FROM records") == sample.rows


def test_users(sample: Sample) -> None:
    users = sample.one(f"SELECT count(DISTINCT username) FROM records WHERE {POPULATION}")
    assert users == pytest.approx(2448, rel=0.1)
    everywhere = sample.one("SELECT count(DISTINCT username) FROM records WHERE NOT is_staff")
    assert everywhere == pytest.approx(2612, rel=0.1)
    of = sample.one("SELECT count(*) FROM users")
    assert 0.3 < users / of < 0.34
    assert sample.one("SELECT count(DISTINCT username) FROM records WHERE is_staff") > 20


def test_partition_shares(sample: Sample) -> None:
    shares = dict(
        sample.all(
            f"""WITH jobs_ AS (SELECT DISTINCT job_id, subsystem FROM records WHERE {POPULATION})
                SELECT subsystem, count(*) / (SELECT count(DISTINCT job_id) FROM jobs_)
                FROM jobs_ GROUP BY ALL"""
        )
    )
    assert set(shares) == {"haswell", "knl", "gpu"}
    assert shares["haswell"] == pytest.approx(0.84, rel=0.1)
    assert shares["knl"] == pytest.approx(0.14, rel=0.1)
    assert shares["gpu"] == pytest.approx(0.02, rel=0.1)


def test_center_module(sample: Sample) -> None:
    users = sample.one(
        f"""SELECT count(DISTINCT username) FILTER ({ENVIRONMENT} = 'center module')
            / count(DISTINCT username) FROM records WHERE NOT is_staff"""
    )
    assert users == pytest.approx(0.63, rel=0.1)
    jobs = sample.one(
        f"""SELECT count(DISTINCT job_id) FILTER ({ENVIRONMENT} = 'center module')
            / count(DISTINCT job_id) FROM records WHERE {POPULATION}"""
    )
    assert jobs == pytest.approx(0.05, rel=0.1)
    environments = sample.all(f"SELECT DISTINCT {ENVIRONMENT} FROM records WHERE {POPULATION}")
    assert {name for (name,) in environments} == {"center module", "conda", "container", "other"}


def test_mkl(sample: Sample) -> None:
    share = sample.one(
        f"""WITH found AS (SELECT job_id, list(package) AS p FROM uses WHERE {POPULATION}
                           GROUP BY job_id)
            SELECT count(*) FILTER (list_contains(p, 'mkl')) / count(*) FROM found
            WHERE list_has_any(p, ['numpy', 'scipy', 'numexpr', 'sklearn'])"""
    )
    assert share == pytest.approx(0.17, rel=0.1)


def test_top_packages(sample: Sample) -> None:
    ranked = sample.all(
        """SELECT package, count(DISTINCT username) AS users FROM uses WHERE NOT is_staff
           GROUP BY package ORDER BY users DESC, package"""
    )
    names = [name for name, _ in ranked]
    assert names[:5] == ["numpy", "multiprocessing", "scipy", "matplotlib", "pandas"]
    users = dict(ranked)
    assert users["numpy"] == pytest.approx(1790, rel=0.1)
    assert users["multiprocessing"] == pytest.approx(1655, rel=0.1)
    assert users["scipy"] == pytest.approx(1402, rel=0.1)
    assert sorted(names) == TRACKED


def test_correlations(sample: Sample) -> None:
    jobs = sample.one(f"SELECT count(DISTINCT job_id) FROM uses WHERE {POPULATION}")
    counts = dict(
        sample.all(
            f"SELECT package, count(DISTINCT job_id) FROM uses WHERE {POPULATION} GROUP BY package"
        )
    )
    for a, b in TOGETHER:
        both = sample.one(
            f"""SELECT count(*) FROM (
                SELECT job_id FROM uses WHERE {POPULATION} AND package IN ('{a}', '{b}')
                GROUP BY job_id HAVING count(DISTINCT package) = 2)"""
        )
        m, n = counts[a], counts[b]
        r = (jobs * both - m * n) / math.sqrt(m * (jobs - m) * n * (jobs - n))
        assert BAND[0] <= r <= BAND[1], (a, b, r)


def test_job_sizes(sample: Sample) -> None:
    sample.connection.sql(
        f"""CREATE OR REPLACE TEMP TABLE sizes AS SELECT job_id, max(num_nodes) AS nodes FROM uses
            WHERE {POPULATION} GROUP BY job_id"""
    )
    assert sample.one("SELECT max(nodes) FROM sizes") == 9688
    widest = sample.all("SELECT package FROM uses WHERE num_nodes = 9688")
    assert {"numpy", "mpi4py"} <= {name for (name,) in widest}
    assert sample.one("SELECT max(num_nodes) FROM uses WHERE package = 'dask'") <= 500
    # Heavy-tailed: most are small, each class of sizes has fewer jobs, but hundreds are large.
    assert sample.one("SELECT count(*) FILTER (nodes = 1) / count(*) FROM sizes") > 0.5
    classes = [
        count
        for _, count in sample.all(
            """SELECT floor(log2(nodes)) AS class, count(*) FROM sizes
               WHERE nodes < 1024 GROUP BY class ORDER BY class"""
        )
    ]
    assert len(classes) == 10 and classes == sorted(classes, reverse=True)
    assert (
        sample.one("SELECT count(*) / (SELECT count(*) FROM sizes) FROM sizes WHERE nodes > 99")
        > 0.002
    )


def test_jobs_are_one_thing(sample: Sample) -> None:
    """All records of a job agree on what belongs to the job, and with Slurm's data."""
    facts = "num_nodes, qos, repo, system, subsystem, username, is_staff, is_compute"
    assert (
        sample.one(
            f"""SELECT count(*) FROM (SELECT job_id FROM (SELECT DISTINCT job_id, {facts}
                FROM records WHERE job_id <> '') GROUP BY job_id HAVING count(*) > 1)"""
        )
        == 0
    )
    assert (
        sample.one(
            """SELECT count(*) FROM records r LEFT JOIN jobs j USING (job_id, system)
               WHERE r.job_id <> '' AND (j.job_id IS NULL
                  OR r.num_nodes <> j.nodes OR r.username <> j.username OR r.repo <> j.account
                  OR r.qos <> j.qos OR r.subsystem <> j.partition
                  OR r.event_timestamp NOT BETWEEN j.start AND j."end")"""
        )
        == 0
    )
    jobs, distinct = sample.all("SELECT count(*), count(DISTINCT (job_id, system)) FROM jobs")[0]
    assert jobs == distinct
    share = sample.one(
        """SELECT count(DISTINCT job_id) / (SELECT count(*) FROM jobs)
           FROM records WHERE job_id <> ''"""
    )
    assert 0.5 < share < 0.9
    assert (
        sample.one(
            """SELECT count(*) FROM jobs
               WHERE submit > start OR start > "end" OR elapsed > timelimit
                  OR epoch("end") - epoch(start) <> elapsed"""
        )
        == 0
    )
    # Jobs follow one another in the order of their numbers.
    assert sample.one("SELECT corr(job_id::BIGINT, epoch(submit)) FROM jobs") > 0.95


def test_users_join(sample: Sample) -> None:
    users, distinct, areas, offices = sample.all(
        """SELECT count(*), count(DISTINCT username), count(DISTINCT science_area),
           count(DISTINCT office) FROM users"""
    )[0]
    assert users == distinct == 8000
    assert areas >= 5 and offices >= 4
    assert (
        sample.one(
            """SELECT count(*) FROM
               ((SELECT username FROM records) UNION (SELECT username FROM jobs))
               ANTI JOIN users USING (username)"""
        )
        == 0
    )


def test_outside_jobs(sample: Sample) -> None:
    found = sample.all(
        """SELECT context, bool_and(job_id = '' AND repo = '' AND num_nodes = 1 AND NOT is_compute),
           bool_and(job_id <> '' AND repo <> '' AND is_compute) FROM records GROUP BY context"""
    )
    assert sorted(found) == [
        ("compute", False, True),
        ("jupyter", True, False),
        ("login", True, False),
    ]


def test_time(sample: Sample) -> None:
    """Five months in order, with weekends and growth."""
    first, last = sample.all(
        "SELECT min(event_timestamp)::VARCHAR, max(event_timestamp)::VARCHAR FROM records"
    )[0]
    assert first.startswith("2021-01-01") and last.startswith("2021-05-31")
    assert (
        sample.one(
            """SELECT count(*) FROM (SELECT event_timestamp AS t,
               lag(event_timestamp) OVER (ORDER BY file_row_number) AS before
               FROM read_parquet('{}', file_row_number = true)) WHERE t < before""".format(
                sample.folder / "records.parquet"
            )
        )
        == 0
    )
    by_day = dict(sample.all("SELECT isodow(event_timestamp), count(*) FROM records GROUP BY ALL"))
    assert by_day[7] < 0.8 * by_day[3]
    by_month = dict(sample.all("SELECT month(event_timestamp), count(*) FROM records GROUP BY ALL"))
    assert set(by_month) == {1, 2, 3, 4, 5}
    assert by_month[5] > 1.05 * by_month[1]


def test_activity_is_like_zipf(sample: Sample) -> None:
    by_user = [
        count
        for (count,) in sample.all(
            f"""SELECT count(DISTINCT job_id) AS n FROM records WHERE {POPULATION}
                GROUP BY username ORDER BY n DESC"""
        )
    ]
    total = sum(by_user)
    assert by_user[0] < 0.1 * total
    assert sum(by_user[: len(by_user) // 10]) > 0.5 * total


def test_chains_and_children(sample: Sample) -> None:
    processes = [
        count
        for (count,) in sample.all(
            f"""SELECT count(DISTINCT process_id) FROM records WHERE {POPULATION}
                GROUP BY job_id"""
        )
    ]
    assert max(processes) > 200
    assert sum(1 for count in processes if count == 1) > len(processes) / 2
    # A process is one place in time, with each package once.
    if sample.shape == "long":
        repeated = """SELECT process_id FROM records GROUP BY process_id
            HAVING count(DISTINCT subservice) < count(*) OR count(DISTINCT event_timestamp) > 1"""
    else:
        repeated = """SELECT process_id FROM records
            WHERE len(packages) <> len(list_distinct(packages)) OR len(packages) = 0
            UNION ALL SELECT process_id FROM records GROUP BY process_id HAVING count(*) > 1"""
    assert sample.one(f"SELECT count(*) FROM ({repeated})") == 0


def test_versions_and_origins(sample: Sample) -> None:
    pythons = {name for (name,) in sample.all("SELECT DISTINCT python_version FROM records")}
    assert {"2.7", "3.8"} <= pythons
    origins = {name for (name,) in sample.all("SELECT DISTINCT origin FROM records")}
    assert {"center", "own", "conda", "container"} <= origins
    if sample.shape == "long":
        missing, versions = sample.all(
            """SELECT count(*) FILTER (version IS NULL) / count(*),
               count(DISTINCT version) FILTER (subservice = 'numpy') FROM records"""
        )[0]
        assert 0.02 < missing < 0.5
        assert versions >= 4


def test_other_readers(sample: Sample) -> None:
    """PyArrow and Polars read the same values with the same types."""
    polars = pytest.importorskip("polars")
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    for name in ("records", "jobs", "users"):
        path = sample.folder / f"{name}.parquet"
        file = parquet.ParquetFile(path)
        # Two million rows are as good a proof as all, and fit anywhere.
        rows = min(2 * MILLION, file.metadata.num_rows)
        groups, found = [], 0
        while found < rows:
            groups.append(len(groups))
            found += file.metadata.row_group(groups[-1]).num_rows
        table = file.read_row_groups(groups)
        read = polars.read_parquet(path, n_rows=found).to_arrow().cast(table.schema)
        assert read.equals(table)
    schema = parquet.read_schema(sample.folder / "records.parquet")
    assert schema.field("event_timestamp").type == pyarrow.timestamp("ms", tz="UTC")
    assert schema.field("num_nodes").type == pyarrow.int32()
    assert schema.field("is_staff").type == pyarrow.bool_()
    assert schema.field("username").type == pyarrow.string()
    if sample.shape == "wide":
        assert schema.field("packages").type.value_type == pyarrow.string()
    metadata = parquet.ParquetFile(sample.folder / "records.parquet").metadata
    before = None
    for group in range(metadata.num_row_groups):
        columns = {
            metadata.row_group(group).column(i).path_in_schema: metadata.row_group(group).column(i)
            for i in range(metadata.num_columns)
        }
        times, nodes = columns["event_timestamp"].statistics, columns["num_nodes"].statistics
        assert times.has_min_max and nodes.has_min_max
        assert before is None or before <= times.min
        before = times.max
        assert nodes.min == 1
