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

/** Libraries that notebooks use for data and pictures, and extensions that they load. Those that fetch files are none. */
const LIBRARIES = `
IPython PIL adbc_driver_manager altair anywidget arviz astropy attr attrs bokeh boost_histogram bottleneck branca bs4 calplot cartopy
catboost cattrs cftime chart_studio charset_normalizer clickhouse_driver cloudpickle cmocean colorcet contextily cudf cufflinks cugraph cuml
cupy cupyx cuspatial cv2 cycler cython dash dash_bootstrap_components dask dask_cuda dask_cudf dask_expr dask_gateway dask_jobqueue dask_ml
dask_mpi dateparser dateutil deltalake distributed dotenv duckdb fastavro fastparquet fireducks flox fiona folium fsspec geopandas geoviews
ggplot gower great_tables graphviz h3 h5netcdf h5py hdbscan hist holidays holoviews humanize hvplot ibis igraph imageio imblearn
implicit ipycytoscape ipydatagrid ipyleaflet ipympl ipyparallel ipyvuetify ipywidgets itables iminuit janitor jax jaxlib jinja2 joblib
jsonschema jupyter_black kaleido lab_black leafmap lightgbm lifelines line_profiler lmfit lxml mapclassify markdown matplotlib
matplotlib_inline memory_profiler mizani missingno modin more_itertools mpi4py mpl_toolkits mpld3 mplcursors mplfinance msgspec mxnet
narwhals natsort nb_black netCDF4 netgraph networkx nltk numba numcodecs numexpr numpy nvtx odf openpyxl orjson osgeo packaging pandas
pandera panel param patsy pendulum pint pinotdb plotly plotly_express plotnine polars powerlaw prettytable prophet psutil psycopg
psycopg2 pyarrow pycountry pycuda pydantic pydeck pygal pygments pylab pymongo pymysql pyodbc pyogrio pyopencl pyproj pyreadstat pyspark
pytest pytz pyvista quak rapidfuzz rasterio ray regex rich rmm rpy2 ruptures scikit_posthocs scikitplot scipy seaborn sentence_transformers
setuptools shap shapely simplejson six skimage sklearn skopt snakeviz sortedcontainers sparse sqlalchemy squarify statannotations
statsmodels streamlit sympy tables tabulate tensorflow termcolor textblob thefuzz threadpoolctl toml tomli toolz torch torchvision tqdm
traitlets traittypes trimesh typing_extensions tzlocal ujson umap uncertainties unyt upsetplot vaex vega_datasets voila vtk watermark
wordcloud xarray xgboost xlrd xlsxwriter yaml ydata_profiling zarr zstandard
autoreload storemagic sql pyinstrument tensorboard`;

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
