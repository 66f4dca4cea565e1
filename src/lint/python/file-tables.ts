/**
 * Which calls read and write files, as data.
 *
 * Methods are known by their own name, whatever object they are called on; functions by the module they are of. A number says which
 * argument is the path, from 0.
 */

/** A call that reads or writes the file that one of its arguments names. */
export interface IFileCall {
  readonly access: 'read' | 'write' | 'mode';
  readonly path: number;
  /** Of `mode`: which argument is the mode, and what it is when it is not given. */
  readonly mode?: number;
  readonly defaultMode?: string;
  /** What is added to a path that does not end in it. */
  readonly suffix?: string;
}

/** Names by which modules are commonly imported. */
export const CONVENTIONAL: Readonly<Record<string, string>> = {
  Audio: 'IPython.display.Audio',
  HTML: 'IPython.display.HTML',
  Image: 'PIL.Image',
  SVG: 'IPython.display.SVG',
  Video: 'IPython.display.Video',
  cv: 'cv2',
  dd: 'dask.dataframe',
  ds: 'pyarrow.dataset',
  feather: 'pyarrow.feather',
  gpd: 'geopandas',
  iio: 'imageio',
  np: 'numpy',
  osp: 'os.path',
  pa: 'pyarrow',
  pd: 'pandas',
  pio: 'plotly.io',
  pl: 'polars',
  plt: 'matplotlib.pyplot',
  pq: 'pyarrow.parquet',
  sio: 'scipy.io',
  xr: 'xarray'
};

/** Keywords that name a path. */
export const PATH_KEYWORDS: ReadonlySet<string> = new Set(
  `base_dir buf dest dst excel_writer file filename filename_or_obj filename_or_obj filepath filepath_or_buffer fname fp io path path_or_buf
  path_or_buffer path_or_file path_or_paths root_path source src store urlpath where`.split(
    /\s+/
  )
);

const words = (text: string) => text.trim().split(/\s+/);
const table = (
  names: string,
  call: IFileCall
): readonly (readonly [string, IFileCall])[] =>
  words(names).map(name => [name, call] as const);

/** Methods and functions that are known by their last name. */
export const METHODS: ReadonlyMap<string, IFileCall> = new Map([
  ...table(
    `read_avro read_csv read_csv_batched read_delta read_excel read_feather read_file read_fwf read_hdf read_ipc read_ipc_schema read_json
    read_ndjson read_ods read_orc read_pandas read_parquet read_parquet_schema read_pickle read_sas read_schema read_metadata read_spss read_stata
    read_table read_xml scan_csv scan_delta scan_ipc scan_ndjson scan_parquet open_dataarray open_dataset open_mfdataset open_zarr
    load_dataarray loadmat imread`,
    { access: 'read', path: 0 }
  ),
  ...table(
    `to_csv to_excel to_feather to_file to_gbq_file to_hdf to_html to_json to_latex to_markdown to_netcdf to_orc to_parquet to_pickle to_stata
    to_xml to_zarr write_avro write_csv write_delta write_excel write_html write_image write_ipc write_ipc_stream write_json write_ndjson
    write_parquet sink_csv sink_ipc sink_ndjson sink_parquet save_model savefig tofile imwrite imsave savemat`,
    { access: 'write', path: 0 }
  ),
  ...table(
    `write_feather write_table write_to_dataset write_dataset write_adjlist write_edgelist write_gexf write_gml write_graphml
    write_pajek`,
    {
      access: 'write',
      path: 1
    }
  ),
  ...table('ParquetFile ParquetDataset ExcelFile', {
    access: 'read',
    path: 0
  }),
  ...table('ParquetWriter', { access: 'write', path: 0 }),
  ...table('ExcelWriter', {
    access: 'mode',
    path: 0,
    mode: 2,
    defaultMode: 'w'
  }),
  ...table('HDFStore', { access: 'mode', path: 0, mode: 1, defaultMode: 'a' })
]);

const open: IFileCall = {
  access: 'mode',
  path: 0,
  mode: 1,
  defaultMode: 'r'
};

/** Functions by module and name. */
export const FUNCTIONS: ReadonlyMap<string, IFileCall> = new Map([
  ...table(
    `open io.open gzip.open bz2.open lzma.open codecs.open builtins.open tarfile.open zipfile.ZipFile gzip.GzipFile bz2.BZ2File
    lzma.LZMAFile h5py.File netCDF4.Dataset`,
    open
  ),
  ...table('numpy.memmap', { ...open, mode: 2, defaultMode: 'r+' }),
  ...table(
    `numpy.load numpy.loadtxt numpy.genfromtxt numpy.fromfile joblib.load torch.load cupy.load PIL.Image.open pyarrow.dataset.dataset
    pyarrow.memory_map os.path.getsize os.path.getmtime os.stat xarray.load_dataset toml.load scipy.io.wavfile.read`,
    { access: 'read', path: 0 }
  ),
  // The name of Pillow's module, which nobody calls, stands for the class where another cell imports it.
  ...table(
    'IPython.display.Image IPython.core.display.Image PIL.Image IPython.display.Video IPython.display.Audio',
    { access: 'read', path: 0 }
  ),
  // What these show may be a text, unless it is called a file.
  ...table(
    `IPython.display.HTML IPython.display.JSON IPython.display.Markdown IPython.display.SVG IPython.core.display.HTML
    IPython.core.display.SVG`,
    { access: 'read', path: Infinity }
  ),
  ...table('numpy.savetxt', { access: 'write', path: 0 }),
  ...table('numpy.save cupy.save', {
    access: 'write',
    path: 0,
    suffix: '.npy'
  }),
  ...table('numpy.savez numpy.savez_compressed cupy.savez', {
    access: 'write',
    path: 0,
    suffix: '.npz'
  }),
  ...table(
    'os.symlink bokeh.io.export_png bokeh.io.export_svg bokeh.io.save bokeh.plotting.save holoviews.save',
    { access: 'write', path: 1 }
  ),
  ...table('bokeh.io.output_file bokeh.plotting.output_file', {
    access: 'write',
    path: 0
  }),
  ...table(
    `joblib.dump torch.save pyarrow.csv.write_csv plotly.io.write_html plotly.io.write_image plotly.io.write_json csv.write_csv`,
    { access: 'write', path: 1 }
  )
]);

/** Whether the file is read to be shown as it is, by the name of what reads it. */
export function showsFile(by: string): boolean {
  return /^(?:PIL\.Image|IPython\.(?:core\.)?display\.\w+)$/.test(by);
}

/** Functions of a source and a destination. */
export const COPIES: ReadonlySet<string> = new Set(
  words(
    'shutil.copy shutil.copy2 shutil.copyfile shutil.copytree shutil.move os.rename os.replace os.link'
  )
);

/** Functions that change the working folder. */
export const CHANGES_FOLDER: ReadonlySet<string> = new Set(
  words('os.chdir os.fchdir contextlib.chdir')
);

/** Methods of paths that move the file to their argument. */
export const MOVES: ReadonlySet<string> = new Set(words('rename replace'));

/** Functions that run other programs, or other code, which may write anything, and those that unpack or fetch files. */
export const PROGRAMS: ReadonlySet<string> = new Set(
  words(
    `runpy.run_path runpy.run_module shutil.unpack_archive shutil.make_archive urllib.request.urlretrieve os.system os.popen subprocess.run subprocess.call subprocess.check_call subprocess.check_output subprocess.getoutput
    subprocess.getstatusoutput subprocess.Popen`
  )
);

/** Methods of paths, whose owner is the path. */
export const PATH_METHODS: ReadonlyMap<string, 'read' | 'write'> = new Map([
  ['read_text', 'read'],
  ['read_bytes', 'read'],
  ['write_text', 'write'],
  ['write_bytes', 'write'],
  ['touch', 'write'],
  // Links are there at once; what they lead to may come later.
  ['symlink_to', 'write'],
  ['hardlink_to', 'write']
]);

/** Formats that Spark reads and writes as `spark.read.parquet(…)` and `df.write.parquet(…)`. */
export const SPARK_FORMATS: ReadonlySet<string> = new Set(
  words('csv json orc parquet text')
);
