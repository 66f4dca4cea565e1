import { lossOf } from '../../src/dashboard/overwriting';
import { parametersFromJson } from '../../src/dashboard/parameters';
import { code, compiledOf, notebookOf } from './compile-notebook';

const NOTEBOOK = notebookOf([
  code('year = 2020', 'parameters'),
  code('print(year)', 'downstream')
]);

describe('writing over a dashboard', () => {
  const { text, record } = compiledOf(NOTEBOOK);

  it('loses nothing that compiling would not bring back', () => {
    expect(lossOf(text, record)).toBe('none');
    const changed = notebookOf([code('print(1)', 'downstream')]);
    expect(lossOf(compiledOf(changed).text, record)).toBe('none');
  });

  it('loses what was edited by hand', () => {
    expect(lossOf(text.replace('print(year)', 'print(-year)'), record)).toBe(
      'edits'
    );
  });

  it('loses the dashboard of another notebook', () => {
    const other = compiledOf(NOTEBOOK, { source: 'other.ipynb' });
    expect(lossOf(other.text, record)).toBe('other');
  });

  it('loses parameters when none are set', () => {
    const parameters = parametersFromJson({ year: 2021 });
    const set = compiledOf(NOTEBOOK, { parameters });
    expect(lossOf(set.text, record)).toBe('parameters');
    expect(lossOf(set.text, set.record)).toBe('none');
    expect(lossOf(text, set.record)).toBe('none');
  });

  it.each(['', 'mine', '{}', '[]', '{"cells": []}', JSON.stringify(NOTEBOOK)])(
    'is not done over another file: %s',
    there => {
      expect(lossOf(there, record)).toBe('foreign');
    }
  );
});
