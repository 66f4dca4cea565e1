"""Words that are no finding although somebody may have them as a user name."""

from __future__ import annotations

#: Of dashboards, charts and notebooks.
_SHOWN = """
about above account accounts after again all also and any apr april are area ase aug august auto
average axis back bar bars batch before below blue both bottom box but call can cell cells center
chart charts class code color column columns compute copy count counts cpu data date dates day days
dec december default demo display distinct down each end error false feb february figure file files
filter first fit float for form free friday from full get gpu graph green grey group groups guest
had has have head heat help high hist home hour hours hover how index info inner int into its jan
january job jobs jul july jun june key keys knl label labels last layout left legend less light
line lines link list load log login long low main many map mar march mark markers max may mean
median menu method mid middle min mode monday month months more most name names nan new next nobody
node nodes none not nov november now null number object oct october off old one only open option
order other others out outer over own package packages page pan part partition path per period pie
plot plots point points process processes python qos quarter range rank raw read record records red
reduced repo reset right root row rows run runs same sans saturday scale scatter script select sep
september set shape share shared show shown side size small sort source square staff star start
state step stop store string sum sunday system systems table tables tag tail target test text than
that the their them then there they this thursday tick time times title today tool top total totals
trace true tuesday two type types undefined unit unknown until use used user users value values
version versions view want was wednesday week weeks what when where which white whole width will
with without word work year years yes you your zero zoom
"""

#: Of the tracked list of packages, and of notebooks.
_PACKAGES = """
astropy bokeh cartopy cudf cuml cupy cupyx cv2 dask deap fireworks fitsio flax gensim gpaw h5py
ipykernel ipyparallel jax joblib jupyter keras matplotlib mkl mpi4py multiprocessing mxnet netcdf4
nltk numba numexpr numpy pandas papermill parsl plotly polars psycopg2 pycuda pymatgen pyopencl ray
rpy2 scipy seaborn sklearn spacy statsmodels tensorflow theano torch voila xarray
"""

#: In texts and cells these are far more often the word than the person. Somebody who is called so
#: is still found in a column that says that it holds users.
COMMON = frozenset((_SHOWN + _PACKAGES).split())
