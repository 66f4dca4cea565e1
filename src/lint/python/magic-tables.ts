/** What IPython's magics do, by name: those of IPython itself, and those of extensions that notebooks often load. */

/** Line magics that bind no name and run no code of the notebook. */
export const HARMLESS: ReadonlySet<string> = new Set(
  `ai alias alias_magic autoawait autocall automagic autoreload autosave bookmark cat cd clear code_wrap colors conda config connect_info
  cp debug dhist dirs doctest_mode dotenv env gui hist history html javascript killbgscripts ldir less lf lk ll load_dotenv load_ext logoff logon logstart
  logstate logstop ls lsmagic lx magic mamba man matplotlib micromamba mkdir more mv notebook nbagg page pdb pdef pdoc pfile pinfo pinfo2 pip popd
  pprint precision psearch psource pushd pwd pycat qtconsole quickref rehashx reload_ext rm rmdir save sc set_env sql sx system tb
  tensorboard unalias unload_ext unset_env uv version_information watermark who who_ls whos xmode psutil reload_kedro`.split(
    /\s+/
  )
);

/** Words that may be all of a cell of one line, without `%`, and are hardly names of anything. */
export const BARE_AUTOMAGIC: ReadonlySet<string> = new Set(
  'cd ldir ll ls lsmagic pwd quickref who whos'.split(' ')
);

/** Words that a cell of one line may begin with, without `%`. */
export const AUTOMAGIC: ReadonlySet<string> = new Set(
  `cat cd conda config cp env history ll load_ext ls lsmagic mamba man matplotlib mkdir mv pip pwd pylab quickref reload_ext reset rm rmdir run time
  timeit uv who whos`.split(/\s+/)
);

/** Magics that run what stands behind their options, and the letters of options that have a value. */
export const RUNS_CODE: ReadonlyMap<
  string,
  { readonly options: string; readonly scope: 'module' | 'function' }
> = new Map([
  ['lprun', { options: 'fmDTsuz', scope: 'module' }],
  ['memit', { options: 'rtico', scope: 'module' }],
  ['mprun', { options: 'fT', scope: 'module' }],
  ['prun', { options: 'DlsT', scope: 'module' }],
  ['pyinstrument', { options: '', scope: 'module' }],
  ['snakeviz', { options: 'f', scope: 'module' }],
  ['time', { options: '', scope: 'module' }],
  ['timeit', { options: 'nrp', scope: 'function' }]
]);

/** Cell magics that run the cell's body as Python, in the notebook; besides those of `RUNS_CODE`. */
export const RUNS_BODY: ReadonlySet<string> = new Set([
  'capture',
  'debug',
  'heat',
  'ipytest',
  'pyinstrument',
  'run_pytest',
  'scalene'
]);

/** Cell magics whose body is for another program, or another language. */
export const OTHER_LANGUAGE: ReadonlySet<string> = new Set(
  `! HTML R SVG ai bash bigquery cmd configure file html javascript js julia latex markdown mermaid node octave perl powershell px pypy python
  python2 python3 ruby script sh spark sql svg sx system writefile`.split(/\s+/)
);

/** Options of cell magics that name what they bind. */
export const BINDING_OPTIONS: Readonly<Record<string, readonly string[]>> = {
  R: ['-o', '--output'],
  bash: ['--out', '--err', '--proc'],
  octave: ['-o', '--output'],
  perl: ['--out', '--err', '--proc'],
  pypy: ['--out', '--err', '--proc'],
  python: ['--out', '--err', '--proc'],
  python2: ['--out', '--err', '--proc'],
  python3: ['--out', '--err', '--proc'],
  px: ['-o', '--out'],
  ruby: ['--out', '--err', '--proc'],
  script: ['--out', '--err', '--proc'],
  sh: ['--out', '--err', '--proc']
};

/** Options of cell magics that name what they read. */
export const READING_OPTIONS: Readonly<Record<string, readonly string[]>> = {
  R: ['-i', '--input'],
  octave: ['-i', '--input']
};
