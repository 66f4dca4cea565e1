import { readPreviewRun } from '../../src/server/preview';

describe('readPreviewRun', () => {
  it('reads what the server tells', () => {
    expect(
      readPreviewRun({
        state: 'failed',
        refusal: null,
        kernel: 'k',
        cells: [
          {
            cell: 'a',
            index: 0,
            started: 1,
            seconds: 0.5,
            outputs: ['text/plain'],
            error: null
          },
          {
            cell: null,
            index: 1,
            started: 2,
            seconds: null,
            outputs: [],
            error: { name: 'KeyError', value: "'x'", traceback: ['one', 'two'] }
          }
        ]
      })
    ).toEqual({
      state: 'failed',
      refusal: null,
      kernel: 'k',
      cells: [
        {
          cell: 'a',
          index: 0,
          seconds: 0.5,
          outputs: ['text/plain'],
          error: null
        },
        {
          cell: null,
          index: 1,
          seconds: null,
          outputs: [],
          error: { name: 'KeyError', value: "'x'", traceback: 'one\ntwo' }
        }
      ]
    });
  });

  it.each([
    [null],
    [[]],
    ['text'],
    [{ state: 'unheard of', cells: {}, refusal: 3 }],
    [{ state: 'running', cells: [null, 3, { index: 'x' }] }]
  ])('makes nothing of %j', answer => {
    expect(readPreviewRun(answer)).toEqual({
      state: 'running',
      cells: [],
      refusal: null,
      kernel: null
    });
  });
});
