import fc from 'fast-check';

import {
  dashboardPath,
  previewPath,
  relativePath
} from '../../src/dashboard/dashboard-name';
import { isNotebookJson, sourceOf } from '../../src/dashboard/notebook-json';
import type { INotebookJson } from '../../src/dashboard/notebook-json';
import { notebookText } from '../../src/dashboard/notebook-text';
import { notebooks } from './notebooks';

describe('the text of a notebook', () => {
  it('is as nbformat writes it', () => {
    const notebook = {
      nbformat_minor: 5,
      nbformat: 4,
      metadata: {
        '𝒳': 1,
        '￮': [],
        b: {},
        10: null,
        9: [true, 0.5],
        a: 'é"\\\n\u007f\u2028'
      },
      cells: [
        {
          source: 'a\r\nb\u000bc\u2028d\u001ce\n\nf',
          outputs: [],
          id: 'x',
          cell_type: 'code',
          metadata: {},
          execution_count: null
        },
        {
          cell_type: 'markdown',
          source: '',
          metadata: { tags: ['a'] },
          attachments: {
            a: {
              'text/plain': 'b\nc\n',
              'image/svg+xml': '<svg>\n</svg>',
              'image/png': 'a\nb'
            }
          }
        }
      ]
    };
    // What Python’s nbformat 5.11 writes of it.
    expect(notebookText(notebook)).toBe(`{
 "cells": [
  {
   "cell_type": "code",
   "execution_count": null,
   "id": "x",
   "metadata": {},
   "outputs": [],
   "source": [
    "a\\r\\n",
    "b\\u000b",
    "c\u2028",
    "d\\u001c",
    "e\\n",
    "\\n",
    "f"
   ]
  },
  {
   "attachments": {
    "a": {
     "image/png": "a\\nb",
     "image/svg+xml": [
      "<svg>\\n",
      "</svg>"
     ],
     "text/plain": [
      "b\\n",
      "c\\n"
     ]
    }
   },
   "cell_type": "markdown",
   "metadata": {
    "tags": [
     "a"
    ]
   },
   "source": []
  }
 ],
 "metadata": {
  "10": null,
  "9": [
   true,
   0.5
  ],
  "a": "é\\"\\\\\\n\u007f\u2028",
  "b": {},
  "￮": [],
  "𝒳": 1
 },
 "nbformat": 4,
 "nbformat_minor": 5
}
`);
  });

  it('says what the notebook says, and does not change again', () => {
    fc.assert(
      fc.property(notebooks(), notebook => {
        const text = notebookText(notebook);
        const read: unknown = JSON.parse(text);
        expect(isNotebookJson(read)).toBe(true);
        const { cells } = read as INotebookJson;
        expect(cells.map(sourceOf)).toEqual(notebook.cells.map(sourceOf));
        expect(notebookText(read as INotebookJson)).toBe(text);
      }),
      { seed: 62, numRuns: 200 }
    );
  });

  it.each([
    null,
    [],
    {},
    { cells: {} },
    { cells: [null] },
    { cells: [{ source: '' }] },
    { cells: [{ cell_type: 'code' }] },
    { cells: [{ cell_type: 'code', source: [1] }] }
  ])('is of a notebook, not of %j', value => {
    expect(isNotebookJson(value)).toBe(false);
  });
});

describe('names of dashboards', () => {
  it.each([
    ['report.ipynb', 'report.dashboard.ipynb'],
    ['a.b/c d.ipynb', 'a.b/c d.dashboard.ipynb'],
    ['report', 'report.dashboard.ipynb']
  ])('of %s is %s', (notebook, dashboard) => {
    expect(dashboardPath(notebook)).toBe(dashboard);
    expect(previewPath(notebook)).toBe(
      dashboard.replace('.dashboard.', '.preview.')
    );
  });

  it.each([
    ['a.ipynb', 'b.ipynb', 'b.ipynb'],
    ['/x/a.ipynb', '/x/y/b.ipynb', 'y/b.ipynb'],
    ['/x/out/deep/a.ipynb', '/x/b.ipynb', '../../b.ipynb'],
    ['/x/out/a.ipynb', '/x/in/b.ipynb', '../in/b.ipynb'],
    ['/x/a', '/x', '../x'],
    ['./x//a', 'x/./b', 'b']
  ])('%s names %s as %s', (from, to, path) => {
    expect(relativePath(from, to)).toBe(path);
  });
});
