import {
  defaultFolder,
  distilledColumns,
  gatherRequest,
  orderedColumns,
  possiblePseudonyms,
  waitText
} from '../../../src/explorer/panel/gather';
import type { IGatherChoice } from '../../../src/explorer/panel/gather';
import { readJobs } from '../../../src/server/gather';
import { english } from '../../../src/workload/translator';
import { INFO } from './fakes';

const PATH = { connection: 'mods', indices: 'mods-2021*' };
const ALL = new Set(INFO.columns.map(({ name }) => name));

const CHOICE: IGatherChoice = {
  folder: ' gathered/mods ',
  columns: ALL,
  shape: 'long',
  distill: true,
  pseudonymise: new Set(['paths', 'user'])
};

describe('gathering', () => {
  it.each([
    ['mods-2021*', 'gathered/mods-2021'],
    ['<mods-{now/d}>', 'gathered/mods-now-d'],
    ['a,b', 'gathered/a-b'],
    ['*', 'gathered/mods']
  ])('puts %s into %s', (indices, folder) => {
    expect(defaultFolder({ connection: 'mods', indices })).toBe(folder);
  });

  it('asks for all columns without naming them, and for some by name', () => {
    const request = gatherRequest(
      CHOICE,
      PATH,
      INFO.columns,
      INFO.mapping,
      {},
      'UTC'
    );
    expect(request).toEqual({
      connection: 'mods',
      index: 'mods-2021*',
      folder: 'gathered/mods',
      columns: [],
      mapping: {},
      shape: 'long',
      distill: true,
      zone: 'UTC',
      keep: [],
      pseudonymise: ['user', 'paths']
    });
    const some = { ...CHOICE, columns: new Set(['job_id', 'username']) };
    const chosen = { user: ['username'], job: [] };
    const { columns, mapping } = gatherRequest(
      some,
      PATH,
      INFO.columns,
      INFO.mapping,
      chosen,
      'UTC'
    );
    expect(columns).toEqual(['username', 'job_id']);
    expect(mapping).toEqual({ user: ['username'] });
  });

  it('distills to columns with a role, unless columns were chosen', () => {
    const mapping = { user: ['username'], job: ['job_id'] };
    const mapped = new Set(['username', 'job_id']);
    const some = new Set(['username', 'num_nodes']);
    const columns = (distill: boolean, chosen: ReadonlySet<string>) => [
      ...distilledColumns(distill, chosen, INFO.columns, mapping)
    ];
    expect(columns(true, ALL)).toEqual([...mapped]);
    expect(columns(true, some)).toEqual([...some]);
    expect(columns(false, mapped).sort()).toEqual([...ALL].sort());
    expect(columns(false, some)).toEqual([...some]);
    const request = (distill: boolean) =>
      gatherRequest(
        { ...CHOICE, distill, columns: some },
        PATH,
        INFO.columns,
        mapping,
        {},
        'UTC'
      ).keep;
    expect(request(true)).toEqual(['num_nodes']);
    expect(request(false)).toEqual([]);
  });

  it('lists columns with a role first, whatever is not there left out', () => {
    const mapping = { job: ['job_id'], user: ['username'], qos: ['gone'] };
    expect(orderedColumns(INFO.columns, mapping)).toEqual([
      { name: 'username', role: 'user' },
      { name: 'job_id', role: 'job' },
      { name: 'num_nodes', role: null },
      { name: 'subservice', role: null }
    ]);
  });

  it('offers pseudonyms for what is gathered', () => {
    const mapping = { user: ['username'], main: ['script'] };
    expect(possiblePseudonyms(ALL, mapping)).toEqual(['user']);
    expect(possiblePseudonyms(new Set(['script']), mapping)).toEqual(['paths']);
  });

  it.each([
    [0.2, '1 s'],
    [89, '89 s'],
    [90, '2 min'],
    [3600, '60 min'],
    [5400, '1.5 h']
  ])('says that %d seconds are %s', (seconds, text) => {
    expect(waitText(seconds, english)).toBe(text);
  });

  it('reads jobs, and leaves out what is none', () => {
    const job = {
      id: '1',
      connection: 'mods',
      index: 'a',
      folder: 'f',
      state: 'running',
      documents: 5,
      total: 10,
      rate: 2.5,
      seconds_left: null,
      message: null
    };
    expect(
      readJobs({ jobs: [job, { ...job, state: 'odd' }, null, 7] })
    ).toEqual([
      {
        id: '1',
        connection: 'mods',
        index: 'a',
        folder: 'f',
        state: 'running',
        documents: 5,
        total: 10,
        rate: 2.5,
        secondsLeft: null,
        stopping: false,
        message: null
      }
    ]);
    expect(readJobs('nothing')).toEqual([]);
  });
});
