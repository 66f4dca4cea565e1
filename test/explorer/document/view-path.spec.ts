import {
  defaultPath,
  viewPath
} from '../../../src/explorer/document/view-path';
import { newView } from '../../../src/workload/view';

describe('defaultPath', () => {
  it.each([
    [['/demo/records.parquet'], 'demo/records.workload.json'],
    [['/records.pq', '/other.parquet'], 'records.workload.json'],
    [['/demo/parts/'], 'demo/parts.workload.json'],
    [['/demo/month=*/x-*.parquet'], 'demo.workload.json'],
    [['/*.parquet'], 'untitled.workload.json'],
    [['root:scratch/2021/a.parquet'], 'a.workload.json'],
    [['root:scratch'], 'scratch.workload.json'],
    [[], 'untitled.workload.json'],
    [['elasticsearch:mods/mods-2021*'], 'mods-2021.workload.json'],
    [['elasticsearch:mods/*'], 'mods.workload.json']
  ])('%j: %s', (paths, path) => {
    expect(defaultPath(newView({ paths }))).toBe(path);
  });
});

describe('viewPath', () => {
  it.each([
    ['a', 'a.workload.json'],
    [' /b/a.json ', 'b/a.workload.json'],
    ['a.workload', 'a.workload.json'],
    ['a.workload.json', 'a.workload.json'],
    ['2021.q1', '2021.q1.workload.json'],
    ['', null],
    ['b/', null]
  ])('%s: %s', (typed, path) => {
    expect(viewPath(typed)).toBe(path);
  });
});
