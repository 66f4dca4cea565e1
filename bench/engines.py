"""The five study questions in other engines, as somebody who knows them would write them.

Usage: python engines.py ENGINE FILE    with ENGINE one of duckdb, duckdb-table, polars, pandas

One run: from opening the file to the last of the five answers ("cold"), then the five answers for
each of the filters of questions.ts ("warm"). Prints JSON like measure.ts: times in milliseconds,
and how many rows each answer has.
"""

import json
import resource
import sys
import time

STUDY = ["top-packages", "job-sizes", "package-job-size", "package-correlation", "package-trend"]
# The filters of questions.ts: (column, operator, value).
FILTERS = [
    None,
    ("subsystem", "=", "haswell"),
    ("num_nodes", ">=", 2),
    ("subsystem", "!=", "gpu"),
    ("qos", "=", "regular"),
    ("num_nodes", "<", 64),
    ("qos", "!=", "regular"),
]
COLUMNS = [
    "event_timestamp",
    "subservice",
    "username",
    "job_id",
    "num_nodes",
    "subsystem",
    "qos",
    "is_compute",
    "is_staff",
]


def pearson(n, a, b, both):
    """The phi coefficient of two 0/1 variables over n jobs."""
    variance = (a * (n - a)) ** 0.5 * (b * (n - b)) ** 0.5
    return (n * both - a * b) / variance if variance else None


class DuckDB:
    """DuckDB on the file, or on a table of its own in memory."""

    def __init__(self, path, table):
        import duckdb

        self.connection = duckdb.connect()
        self.in_job = "job_id is not null" if table else "job_id <> ''"
        self.source = f"read_parquet('{path}')"
        if table:
            # In a table of one's own, job ids are best kept as numbers.
            columns = ", ".join(
                "try_cast(job_id as bigint) as job_id" if c == "job_id" else c for c in COLUMNS
            )
            self.connection.execute(f"create table records as select {columns} from {self.source}")
            self.source = "records"

    def where(self, condition, compute=True):
        parts = ["not is_staff"] + (["is_compute"] if compute else [])
        if condition:
            column, operator, value = condition
            literal = f"'{value}'" if isinstance(value, str) else value
            parts.append(
                f"{column} is distinct from {literal}"
                if operator == "!="
                else f"{column} {operator} {literal}"
            )
        return " and ".join(parts)

    def run(self, sql):
        return self.connection.execute(sql).fetchall()

    def answer(self, question, condition):
        chosen = f"from {self.source} where {self.where(condition)}"
        in_jobs = f"{chosen} and {self.in_job}"
        pairs = f"(select distinct job_id, subservice {in_jobs} and subservice <> '')"
        jobs = f"(select job_id, max(num_nodes) nodes {in_jobs} group by 1)"
        if question == "top-packages":
            return self.run(
                f"select subservice, count(distinct username) u from {self.source} "
                f"where {self.where(condition, False)} and subservice <> '' "
                "group by 1 order by u desc, 1"
            )
        if question == "job-sizes":
            return self.run(f"select nodes, count(*) from {jobs} group by 1 order by 1")
        if question == "package-job-size":
            return self.run(
                f"with j as {jobs}, p as {pairs} "
                "select subservice, floor(log2(nodes)) c, count(*) "
                "from p join j using (job_id) group by 1, 2 order by 1, 2"
            )
        if question == "package-correlation":
            ((n,),) = self.run(f"select count(distinct job_id) {in_jobs}")
            counts = self.run(
                f"with p as materialized {pairs} select a.subservice, b.subservice, count(*) "
                "from p a join p b on a.job_id = b.job_id and a.subservice <= b.subservice "
                "group by 1, 2"
            )
            return correlations(n, counts)
        return self.run(
            "select date_trunc('month', event_timestamp at time zone 'UTC') m, subservice, "
            f"count(distinct username) u {chosen} and subservice <> '' "
            "group by 1, 2 order by 1, u desc, 2"
        )


class Polars:
    """Polars, the columns that are asked for read once, as its documentation advises."""

    def __init__(self, path):
        import polars

        self.pl = polars
        # Numbers and dictionary codes instead of strings are its quickest form.
        self.frame = polars.read_parquet(path, columns=COLUMNS).with_columns(
            polars.col("subservice", "username", "subsystem", "qos").cast(polars.Categorical),
            polars.col("job_id").cast(polars.Int64, strict=False),
        )

    def answer(self, question, condition):
        pl = self.pl
        frame = self.frame.lazy().filter(~pl.col("is_staff"))
        if question != "top-packages":
            frame = frame.filter(pl.col("is_compute"))
        if condition:
            column, operator, value = condition
            field = pl.col(column)
            frame = frame.filter(
                {
                    "=": lambda: field == value,
                    "!=": lambda: field.ne_missing(value),
                    ">=": lambda: field >= value,
                    "<": lambda: field < value,
                }[operator]()
            )
        users = pl.col("username").n_unique().alias("users")
        if question == "top-packages":
            return (
                frame.group_by("subservice")
                .agg(users)
                .sort("users", descending=True)
                .collect()
                .rows()
            )
        if question == "package-trend":
            month = pl.col("event_timestamp").dt.truncate("1mo").alias("month")
            return frame.group_by(month, "subservice").agg(users).sort("month").collect().rows()
        frame = frame.filter(pl.col("job_id").is_not_null())
        jobs = frame.group_by("job_id").agg(pl.col("num_nodes").max().alias("nodes"))
        if question == "job-sizes":
            return jobs.group_by("nodes").len().sort("nodes").collect().rows()
        pairs = frame.select("job_id", "subservice").unique()
        if question == "package-job-size":
            size = pl.col("nodes").log(2).floor().alias("class")
            return pairs.join(jobs, on="job_id").group_by("subservice", size).len().collect().rows()
        unique = pairs.collect()
        n = unique["job_id"].n_unique()
        both = (
            unique.lazy()
            .join(unique.lazy(), on="job_id")
            .filter(pl.col("subservice").to_physical() <= pl.col("subservice_right").to_physical())
            .group_by("subservice", "subservice_right")
            .len()
            .collect()
        )
        return correlations(n, both.rows())


class Pandas:
    """pandas with pyarrow, categories instead of strings."""

    def __init__(self, path):
        import pandas

        self.pandas = pandas
        frame = pandas.read_parquet(path, columns=COLUMNS)
        for column in ("subservice", "username", "subsystem", "qos", "job_id"):
            frame[column] = frame[column].astype("category")
        self.frame = frame

    def answer(self, question, condition):
        frame = self.frame
        mask = ~frame["is_staff"]
        if question != "top-packages":
            mask &= frame["is_compute"]
        if condition:
            column, operator, value = condition
            field = frame[column]
            mask &= {
                "=": lambda: field == value,
                "!=": lambda: field != value,
                ">=": lambda: field >= value,
                "<": lambda: field < value,
            }[operator]()
        frame = frame[mask]
        group = {"observed": True, "sort": False}
        if question == "top-packages":
            pairs = frame[["subservice", "username"]].drop_duplicates()
            return list(
                pairs.groupby("subservice", **group).size().sort_values(ascending=False).items()
            )
        if question == "package-trend":
            month = frame["event_timestamp"].dt.tz_localize(None).dt.to_period("M").rename("month")
            pairs = self.pandas.concat(
                [month, frame[["subservice", "username"]]], axis=1
            ).drop_duplicates()
            return list(pairs.groupby(["month", "subservice"], **group).size().items())
        frame = frame[frame["job_id"] != ""]
        jobs = frame.groupby("job_id", **group)["num_nodes"].max()
        if question == "job-sizes":
            return list(jobs.value_counts().sort_index().items())
        pairs = frame[["job_id", "subservice"]].drop_duplicates()
        if question == "package-job-size":
            import numpy

            size = numpy.floor(numpy.log2(jobs)).rename("class")
            joined = pairs.join(size, on="job_id")
            return list(joined.groupby(["subservice", "class"], **group).size().items())
        both = pairs.merge(pairs, on="job_id")
        both = both[both["subservice_x"].cat.codes <= both["subservice_y"].cat.codes]
        counts = both.groupby(["subservice_x", "subservice_y"], **group).size()
        return correlations(pairs["job_id"].nunique(), [(a, b, k) for (a, b), k in counts.items()])


def correlations(n, pairs):
    """Pearson's r of every two packages, from how many jobs have both."""
    counts = {frozenset((a, b)): k for a, b, k in pairs}
    names = sorted(next(iter(key)) for key in counts if len(key) == 1)
    return [
        (
            a,
            b,
            pearson(
                n,
                counts[frozenset((a,))],
                counts[frozenset((b,))],
                counts.get(frozenset((a, b)), 0),
            ),
        )
        for i, a in enumerate(names)
        for b in names[i + 1 :]
    ]


ENGINES = {
    "duckdb": lambda path: DuckDB(path, False),
    "duckdb-table": lambda path: DuckDB(path, True),
    "polars": Polars,
    "pandas": Pandas,
}


def main():
    name, path = sys.argv[1:]
    # Importing is not measured: the program that asks has it in memory.
    __import__(name.partition("-")[0])
    began = time.perf_counter()
    engine = ENGINES[name](path)
    answers = {question: len(engine.answer(question, None)) for question in STUDY}
    cold = time.perf_counter() - began
    warm = {question: [] for question in STUDY}
    for condition in FILTERS[1:]:
        for question in STUDY:
            start = time.perf_counter()
            engine.answer(question, condition)
            warm[question].append((time.perf_counter() - start) * 1000)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"cold": cold * 1000, "warm": warm, "answers": answers, "memory": memory}))


if __name__ == "__main__":
    main()
