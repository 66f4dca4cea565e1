"""A question to an index, as it is asked without Workload Explorer.

Usage: python indices.py scan|composite ANALYSIS ADDRESS INDEX

``scan`` reads the columns of chosen documents by ``helpers.scan`` into pandas, as people do now;
``composite`` pages through a composite aggregation over them. Both have the server apply the
conditions and count in pandas. Prints JSON: milliseconds from the client's making to the answer,
and its values, smallest first, to be compared with the other ways.
"""

import json
import sys
import time

import numpy as np
import pandas as pd
from elasticsearch import Elasticsearch, helpers

#: Documents a page, the most that Elasticsearch gives.
PAGE = 10_000
#: Combinations a page, as many as Workload Explorer asks for at most.
BUCKETS = 20_000
NO_STAFF = {"term": {"is_staff": False}}
COMPUTE = {"term": {"is_compute": True}}
IN_JOB = {"bool": {"must_not": [{"term": {"job_id": ""}}]}}
COLUMNS = {
    "top-packages": ["subservice", "username"],
    "job-sizes": ["job_id", "num_nodes"],
    "package-job-size": ["job_id", "subservice", "num_nodes"],
    "package-correlation": ["job_id", "subservice"],
}


def scanned(client, index, query, columns):
    """Documents one by one."""
    hits = helpers.scan(client, index=index, query={"query": query, "_source": columns}, size=PAGE)
    return pd.DataFrame([hit["_source"] for hit in hits], columns=columns)


def composed(client, index, query, columns):
    """Distinct combinations, page by page."""
    sources = [{name: {"terms": {"field": name, "missing_bucket": True}}} for name in columns]
    keys, after = [], {}
    while True:
        composite = {"size": BUCKETS, "sources": sources, **after}
        answer = client.search(
            index=index,
            size=0,
            track_total_hits=False,
            query=query,
            aggs={"tuples": {"composite": composite}},
        )["aggregations"]["tuples"]
        keys.extend(bucket["key"] for bucket in answer["buckets"])
        if len(answer["buckets"]) < BUCKETS:
            return pd.DataFrame(keys, columns=columns)
        after = {"after": answer["after_key"]}


def answer(analysis, frame):
    """The rows of the analysis."""
    if analysis == "top-packages":
        found = frame[frame.subservice.fillna("") != ""]
        return found.drop_duplicates().groupby("subservice").size()
    if analysis == "job-sizes":
        return frame.groupby("job_id").num_nodes.max().value_counts()
    if analysis == "package-job-size":
        nodes = frame.groupby("job_id").num_nodes.max()
        pairs = frame[["job_id", "subservice"]].drop_duplicates()
        pairs = pairs[pairs.subservice.fillna("") != ""]
        classes = np.floor(np.log2(pairs.job_id.map(nodes).astype(float)))
        return pairs.groupby([pairs.subservice, classes], dropna=False).size()
    pairs = frame.drop_duplicates()
    jobs = pairs.job_id.nunique()
    pairs = pairs[pairs.subservice.fillna("") != ""]
    rows, row_names = pd.factorize(pairs.job_id)
    columns, names = pd.factorize(pairs.subservice)
    matrix = np.zeros((max(jobs, len(row_names)), len(names)), dtype=np.float32)
    matrix[rows, columns] = 1
    upper = np.triu_indices(len(names), 1)
    return np.corrcoef(matrix, rowvar=False)[upper]


def main():
    way, analysis, address, index = sys.argv[1:]
    began = time.perf_counter()
    with Elasticsearch(address, request_timeout=120) as client:
        conditions = [NO_STAFF] + ([] if analysis == "top-packages" else [COMPUTE, IN_JOB])
        read = {"scan": scanned, "composite": composed}[way]
        frame = read(client, index, {"bool": {"filter": conditions}}, COLUMNS[analysis])
        values = sorted(float(value) for value in answer(analysis, frame))
    milliseconds = (time.perf_counter() - began) * 1000
    print(json.dumps({"milliseconds": milliseconds, "values": values}))


main()
