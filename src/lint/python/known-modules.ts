/**
 * Modules of which is known that they write no files but by the calls in `file-tables.ts`, and that they are there wherever they are
 * installed: anybody's own modules may do anything.
 */

/** Python's standard library, 3.8 to 3.14. */
const STANDARD = `
__future__ abc aifc annotationlib argparse array ast asynchat asyncio asyncore atexit audioop base64 bdb binascii binhex bisect builtins bz2
cProfile calendar cgi cgitb chunk cmath cmd code codecs codeop collections colorsys compileall compression concurrent configparser contextlib
contextvars copy copyreg crypt csv ctypes curses dataclasses datetime dbm decimal difflib dis distutils doctest email encodings ensurepip
enum errno faulthandler fcntl filecmp fileinput fnmatch formatter fractions ftplib functools gc getopt getpass gettext glob graphlib grp
gzip hashlib heapq hmac html http imaplib imghdr imp importlib inspect io ipaddress itertools json keyword lib2to3 linecache locale
logging lzma mailbox mailcap marshal math mimetypes mmap modulefinder msvcrt multiprocessing netrc nis nntplib ntpath numbers opcode
operator optparse os ossaudiodev parser pathlib pdb pickle pickletools pipes pkgutil platform plistlib poplib posix posixpath pprint
profile pstats pty pwd py_compile pyclbr pydoc queue quopri random re readline reprlib resource rlcompleter runpy sched secrets select
selectors shelve shlex shutil signal site smtpd smtplib sndhdr socket socketserver spwd sqlite3 sre_constants ssl stat statistics string
stringprep struct subprocess sunau symbol symtable sys sysconfig syslog tabnanny tarfile telnetlib tempfile termios textwrap this threading
time timeit tkinter token tokenize tomllib trace traceback tracemalloc tty turtle types typing unicodedata unittest urllib uu uuid venv
warnings wave weakref webbrowser winreg winsound wsgiref xdrlib xml xmlrpc zipapp zipfile zipimport zlib zoneinfo`;

/** Libraries that notebooks use for data and pictures, and extensions that they load. Those that fetch files are none, nor are those
 * that write by calls which the tables lack. */
const LIBRARIES = `
adbc_driver_manager aiohttp altair anywidget arrow arviz attr attrs autoreload babel bokeh boost_histogram bottleneck branca bs4 calplot
cartopy catboost cattrs cftime charset_normalizer chart_studio click clickhouse_driver cloudpickle cmocean colorcet contextily corner cudf
cufflinks cugraph cuml cupy cupyx cuspatial cv2 cycler cython dash dash_bootstrap_components dask dask_cuda dask_cudf dask_expr
dask_gateway dask_jobqueue dask_ml dask_mpi dateparser dateutil distributed dotenv duckdb emcee fastavro fireducks flox folium fsspec
gensim geopandas geopy geoviews ggplot gower great_tables h3 h5py hdbscan hist holidays holoviews httpx humanize hvplot ibis igraph
imblearn iminuit implicit ipycytoscape ipydatagrid ipyleaflet ipympl ipyparallel IPython ipyvuetify ipywidgets itables janitor jax jaxlib
jinja2 joblib jsonschema jupyter_black kaleido keras lab_black leafmap lifelines lightgbm line_profiler lmfit loguru lxml mapclassify
markdown matplotlib matplotlib_inline memory_profiler metpy missingno mizani modin more_itertools mpi4py mpl_toolkits mplcursors mpld3
mplfinance msgspec mxnet narwhals natsort nb_black netCDF4 netgraph networkx nltk numba numcodecs numexpr numpy numpy_financial nvtx odf
openpyxl optuna orjson packaging pandas pandera panel param patsy pendulum PIL pinotdb pint plotly plotly_express plotnine pluggy polars
powerlaw prettytable prophet psutil psycopg psycopg2 pyarrow pycountry pycuda pydantic pydeck pygments pyinstrument pylab pymongo pymysql
pyodbc pyopencl pyproj pyspark pytest pytz pyvista quak rapidfuzz ray regex requests rich rmm ruptures scikit_posthocs scikitplot scipy
seaborn sentence_transformers setuptools shap shapely simplejson six skimage sklearn skopt snakeviz sortedcontainers spacy sparse sql
sqlalchemy sqlglot squarify statannotations statsmodels storemagic sympy tabulate tensorboard tensorflow termcolor textblob thefuzz
threadpoolctl toml tomli toolz torch torchvision tqdm traitlets traittypes typer typing_extensions tzlocal ujson umap uncertainties unyt
upsetplot vega_datasets voila vtk watermark wordcloud xarray xesmf xgboost xlrd yaml ydata_profiling zstandard`;

const STANDARD_MODULES: ReadonlySet<string> = setOf(STANDARD);
const KNOWN_LIBRARIES: ReadonlySet<string> = setOf(LIBRARIES);

function setOf(words: string): ReadonlySet<string> {
  return new Set(words.trim().split(/\s+/));
}

/** Whether a module is of Python's standard library. */
export function isStandard(module: string): boolean {
  return STANDARD_MODULES.has(module.split('.')[0]);
}

/** Whether a module is of the standard library, or of a library that is known. */
export function isKnownModule(module: string): boolean {
  return isStandard(module) || KNOWN_LIBRARIES.has(module.split('.')[0]);
}
