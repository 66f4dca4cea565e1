/** @jest-environment jsdom */
import {
  MappingWatch,
  rememberMapping,
  rememberedMapping
} from '../../../src/explorer/panel/mapping-memory';
import { newView } from '../../../src/workload/view';
import { INFO } from './fakes';

const PATH = 'elasticsearch:mods/mods*';
const CHOSEN = { user: ['job_id'] };

const remembered = (path = PATH, base = '/') =>
  rememberedMapping(base, path, INFO.columns);

describe('mappings of indices', () => {
  beforeEach(() => localStorage.clear());

  it('are remembered by server and index, until they are taken back', () => {
    rememberMapping('/', PATH, CHOSEN);
    expect(remembered()).toEqual(CHOSEN);
    expect(remembered(`${PATH}x`)).toEqual({});
    expect(remembered(PATH, '/other/')).toEqual({});
    rememberMapping('/', PATH, {});
    expect(remembered()).toEqual({});
  });

  it('count only as far as their columns are there', () => {
    rememberMapping('/', PATH, { ...CHOSEN, nodes: ['gone'] });
    expect(remembered()).toEqual(CHOSEN);
  });

  it('survive whatever else stands in the storage', () => {
    localStorage.setItem('jupyterlab-workload-explorer:mappings:/', '[1');
    expect(remembered()).toEqual({});
    rememberMapping('/', PATH, CHOSEN);
    expect(remembered()).toEqual(CHOSEN);
  });

  it('are forgotten when there are too many, the oldest first', () => {
    for (let i = 0; i < 60; i++) {
      rememberMapping('/', `${PATH}${i}`, CHOSEN);
    }
    expect(remembered(`${PATH}0`)).toEqual({});
    expect(remembered(`${PATH}59`)).toEqual(CHOSEN);
  });

  it('are noted when the user changes them, not when a view brings them along', () => {
    const watch = new MappingWatch('/');
    const view = newView({ paths: [PATH] });
    watch.look(PATH, { ...view, mapping: { nodes: ['num_nodes'] } });
    expect(remembered()).toEqual({});
    watch.look(PATH, { ...view, mapping: CHOSEN });
    expect(remembered()).toEqual(CHOSEN);
    watch.look('elasticsearch:mods/other', view);
    expect(remembered()).toEqual(CHOSEN);
    watch.look(null, { ...view, mapping: { job: ['job_id'] } });
    expect(remembered()).toEqual(CHOSEN);
  });
});
