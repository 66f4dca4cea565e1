import { steps } from './render';

/** Source, and what it does, in the short form of `render.ts`. */
type Case = readonly [string, string];

describe('files of a cell', () => {
  describe('data frames', () => {
    const cases: readonly Case[] = [
      [
        `df = pd.read_csv('a.csv')
df.to_parquet(OUT / 'x' / f'{name}.parquet', index=False)`,
        `pd.read_csv() read<a.csv>by:pandas.read_csv =df~pd OUT name df.to_parquet() write<\${OUT}/x/\${name}.parquet>by:df.to_parquet`
      ],
      [`df.to_json(orient='records')`, `df.to_json()`],
      [
        `pd.read_parquet(path=p)`,
        `p→ pd.read_parquet() read<\${p}>by:pandas.read_parquet`
      ],
      [
        `pd.read_csv('https://x/y.csv'); pl.scan_parquet('s3://b/c'); pd.read_json('[1]')`,
        `pd.read_csv() pl.scan_parquet() pd.read_json()`
      ],
      [
        `dd.read_csv(['a', 'b'])`,
        `dd.read_csv() read<a>by:dask.dataframe.read_csv read<b>by:dask.dataframe.read_csv`
      ],
      [
        `spark.read.parquet('s'); sdf.write.mode('overwrite').parquet('t')`,
        `spark.read.parquet() read<s>by:spark.read.parquet sdf.write.mode() write<t>by:parquet`
      ],
      [
        `duckdb.sql("select * from 'a.parquet' join read_csv('b.csv')")
duckdb.sql("copy t to 'c.parquet'")`,
        `duckdb.sql() read<a.parquet>by:sql read<b.csv>by:sql duckdb.sql() write<c.parquet>by:sql`
      ],
      [
        `import pyarrow.parquet as parq
parq.read_table(os.path.join(base, 'y.parquet'))
parq.write_table(t, 'z.parquet')`,
        `=parq:import[import pyarrow.parquet as parq] base→ os.path.join() parq.read_table() read<\${base}/y.parquet>by:pyarrow.parquet.read_table t→ parq.write_table() write<z.parquet>by:pyarrow.parquet.write_table`
      ],
      [
        `pd.ExcelWriter('a.xlsx', mode='a'); pd.HDFStore('b.h5', 'r')`,
        `pd.ExcelWriter() write<a.xlsx>by:pandas.ExcelWriter pd.HDFStore() read<b.h5>by:pandas.HDFStore`
      ]
    ];
    it.each(cases)('%j', (source, expected) => {
      expect(steps(source)).toBe(expected);
    });
  });

  it('may be written by a program that is run', () => {
    for (const call of [
      'os.system("touch a")',
      'subprocess.run(["touch"])',
      'from subprocess import run as go\ngo("x")'
    ]) {
      expect(steps(call)).toContain('write<?>');
    }
    expect(steps('def system(): pass\nsystem("x")')).not.toContain('write');
  });

  it('are pictures that are shown', () => {
    for (const [source, path] of [
      ['Image(filename="a.png")', 'a.png'],
      ['from IPython.display import Image\nImage("a.png")', 'a.png'],
      ['from IPython import display\ndisplay.Video("a.mp4")', 'a.mp4'],
      ['SVG(filename=OUT / "a.svg")', '${OUT}/a.svg'],
      ['display(HTML(filename="a.html"))', 'a.html']
    ]) {
      expect(steps(source).match(/read<[^>]*>/g)).toEqual([`read<${path}>`]);
    }
    for (const other of [
      'HTML("text")',
      'HTML("<b>x</b>")',
      'SVG(data)',
      'Image(data=png)',
      'Image(url="a.png")',
      'Image("https://a/b.png")',
      'from wand.image import Image\nImage("a.png")',
      'from PIL import Image\nImage.new("RGB", (1, 1))'
    ]) {
      expect(steps(other)).not.toContain('read<');
    }
  });

  it('are moved by methods of paths', () => {
    expect(steps('Path("a").rename("b")')).toContain('write<b>');
    expect(steps('p.replace(OUT / "b")')).toContain('write<${OUT}/b>');
    expect(steps('p.rename(p.with_suffix(".b"))')).toContain(
      'write<${p.with_suffix(.b)}>'
    );
    expect(steps('shutil.move("a", to())')).toContain('read<a>');
    expect(steps('shutil.move("a", to())')).toContain('write<${to()}>');
    for (const other of [
      'df.rename(columns=names)',
      'df.rename({"a": "b"})',
      'df.replace(0)',
      'text.replace("a", "b")'
    ]) {
      expect(steps(other)).not.toContain('write');
    }
  });

  it('lie below the working folder', () => {
    const cases = [
      ['os.chdir("out")', 'cd<out>'],
      ['os.chdir(x)', 'cd<${x}>'],
      ['with contextlib.chdir("a"):\n    pass', 'cd<?>'],
      ['%cd -q out/a', 'cd<out/a>'],
      ['%cd "a b"', 'cd<a b>'],
      ['cd out', 'cd<out>'],
      ['%cd', 'cd<?>'],
      ['%cd -', 'cd<?>'],
      ['%cd {x}', 'cd<?>'],
      ['%popd', 'cd<?>']
    ] as const;
    for (const [source, expected] of cases) {
      expect(steps(source)).toContain(expected);
    }
    expect(steps('!cd out')).toBe('');
  });

  describe('opened files', () => {
    const cases: readonly Case[] = [
      [
        `open('a'); open('b', 'w'); open('c', mode='ab'); open('d', 'r+'); open('e', m)`,
        `open() read<a>by:open open() write<b>by:open open() write<c>by:open open() read<d>by:open write<d>by:open m→ open() write<e>by:open`
      ],
      [
        `json.dump(x, open('a.json', 'w'))`,
        `x→ open() write<a.json>by:open json.dump()`
      ],
      [
        `with gzip.open('a.gz', 'rt') as f: f.read()`,
        `gzip.open() read<a.gz>by:gzip.open =f:with~gzip f.read()`
      ],
      [
        `h5py.File('a.h5', 'r+')`,
        `h5py.File() read<a.h5>by:h5py.File write<a.h5>by:h5py.File`
      ],
      [`webbrowser.open('a')`, `webbrowser.open()`]
    ];
    it.each(cases)('%j', (source, expected) => {
      expect(steps(source)).toBe(expected);
    });
  });

  describe('paths', () => {
    const cases: readonly Case[] = [
      [
        `with (DATA / 'k.txt').open('w') as f: f.write('x')`,
        `DATA write<\${DATA}/k.txt>by:open =f:with~DATA f.write() mut:f`
      ],
      [
        `p = Path('out') / 'b.csv'
p.write_text('q'); Path('z').read_text(); Path('a', 'b').open()`,
        `Path() =p"out/b.csv" p.write_text() write<\${p}>by:p.write_text Path() read<z>by:read_text Path() read<a/b>by:open`
      ],
      [
        `Path.cwd().joinpath('x', y).read_bytes()`,
        `Path.cwd() y→ read<<folder>/x/\${y}>by:read_bytes`
      ],
      [
        `open(str(Path('a') / 'b').format()); open(os.fspath(p))`,
        `Path() str() open() read<a/b>by:open p→ os.fspath() open() read<\${p}>by:open`
      ]
    ];
    it.each(cases)('%j', (source, expected) => {
      expect(steps(source)).toBe(expected);
    });
  });

  describe('arrays and others', () => {
    const cases: readonly Case[] = [
      [
        `np.save('arr', a); np.load(f'{d}/arr.npy'); np.savez('z.npz', a)`,
        `a→ np.save() write<arr.npy>by:numpy.save d np.load() read<\${d}/arr.npy>by:numpy.load a→ np.savez() write<z.npz>by:numpy.savez`
      ],
      [
        `from numpy import load as ld
ld('x.npy')`,
        `=ld:import[from numpy import load as ld] ld() read<x.npy>by:numpy.load`
      ],
      [`model.load('x')`, `model.load()`],
      [
        `joblib.dump(m, 'm.joblib'); torch.save(m, 'm.pt'); torch.load('m.pt')`,
        `m→ joblib.dump() write<m.joblib>by:joblib.dump m→ torch.save() write<m.pt>by:torch.save torch.load() read<m.pt>by:torch.load`
      ],
      [
        `fig.savefig('f.png', dpi=3); fig.write_html('f.html'); Image.open('i.png').save('j.png')`,
        `fig.savefig() write<f.png>by:fig.savefig fig.write_html() write<f.html>by:fig.write_html Image.open() read<i.png>by:PIL.Image.open write<j.png>by:save`
      ],
      [
        `shutil.copy(a, 'b'); os.rename('c', 'd')`,
        `a→ shutil.copy() read<\${a}>by:shutil.copy write<b>by:shutil.copy os.rename() read<c>by:os.rename write<d>by:os.rename`
      ]
    ];
    it.each(cases)('%j', (source, expected) => {
      expect(steps(source)).toBe(expected);
    });
  });

  describe('texts', () => {
    const cases: readonly Case[] = [
      [
        `open('x_%s_%d.txt' % (a, b))`,
        `a b open() read<x_\${a}_\${b}.txt>by:open`
      ],
      [
        `open("x_{}_{k}.png".format(a, k=b))`,
        `a→ b→ open() read<x_\${a}_\${b}.png>by:open`
      ],
      [
        `open("data" "_x" + str(year) + ".csv")`,
        `year str() open() read<data_x\${year}.csv>by:open`
      ],
      [
        `open(f'{a!r}'); open(f'{a:02}.csv'); open(r'a\\b'); open('a\\x41')`,
        `a open() a open() read<?.csv>by:open open() read<a\\b>by:open open() read<aA>by:open`
      ],
      [`open(a + '/' + b)`, `a b open() read<\${a}/\${b}>by:open`],
      [
        `def load():
    p = ROOT / 'b.csv'
    return pd.read_csv(p)`,
        `=load:function{ROOT pd.read_csv() read<\${ROOT}/b.csv>by:pandas.read_csv return}`
      ],
      [
        `def load(name):
    return pd.read_csv(f'{name}.csv')`,
        `=load:function{pd.read_csv() read<@9.csv>by:pandas.read_csv return}`
      ],
      [
        `def load():
    p = 'a'
    if x: p = 'b'
    return open(p)`,
        `=load:function{x open() return}`
      ]
    ];
    it.each(cases)('%j', (source, expected) => {
      expect(steps(source)).toBe(expected);
    });
  });

  describe('missing files that are provided for', () => {
    const cases: readonly Case[] = [
      [
        `try:
    pd.read_csv('a')
except FileNotFoundError: pass`,
        `try(pd.read_csv() read?<a>by:pandas.read_csv | FileNotFoundError)`
      ],
      [
        `if os.path.exists('q'): open('q').read()`,
        `os.path.exists() if(open() read<q>asked<q>by:open | )`
      ],
      [
        `if not p.is_file(): open('w', 'w')`,
        `p.is_file() if(open() write<w>asked<\${p}>by:open | )`
      ]
    ];
    it.each(cases)('%j', (source, expected) => {
      expect(steps(source)).toBe(expected);
    });
  });
});
