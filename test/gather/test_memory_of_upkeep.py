"""How much memory taking records out takes, with many values that did not fit."""

import json
import subprocess
import sys

from ..oracle.sizes import size
from .support import BEGIN, gather, numbered, read_manifest

#: Bytes above the interpreter with its imports.
BOUND = 64 * 1024 * 1024

PROGRAM = """
import json, resource, sys
from jupyterlab_workload_explorer.gather.upkeep import forget
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
before = peak()
forget(sys.argv[1], ["u1"])
print(peak() - before)
"""


def test_many_values_that_did_not_fit(node, make_index, tmp_path):
    """The lines of a part are many times what the memory may hold, and each stays."""
    out = tmp_path / "out"
    documents = numbered(4, BEGIN) + numbered(1, BEGIN, 10, num_nodes="many " * 600)
    index = make_index(documents, settings={"index.mapping.ignore_malformed": True})
    gather(node, index, out)
    # As if there were many documents of that kind.
    lines = size("rejected_values")
    [path] = (out / ".gather" / "rejects").iterdir()
    line = path.read_text()
    with path.open("w") as file:
        file.writelines(line for _ in range(lines))
    manifest = read_manifest(out)
    [month] = manifest["partitions"].values()
    month["parts"][0]["rejects"] = lines
    (out / "_manifest.json").write_text(json.dumps(manifest))
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(out)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert read_manifest(out)["state"]["rejects"]["values"] == lines
    assert path.exists() is False
    assert int(done.stdout) < BOUND
