import fc from 'fast-check';

import { checkBins, nodeClass } from '../../src/workload/node-classes';
import type { Bins } from '../../src/workload/query';

const SEED = { seed: 20210112, numRuns: 300 };

describe('nodeClass', () => {
  it.each<[number, number, number]>([
    [1, 1, 1],
    [2, 2, 3],
    [3, 2, 3],
    [4, 4, 7],
    [9688, 8192, 16383],
    [2 ** 40 - 1, 2 ** 39, 2 ** 40 - 1],
    [2 ** 40, 2 ** 40, 2 ** 41 - 1]
  ])('puts %d nodes into %d–%d by powers of two', (nodes, from, to) => {
    expect(nodeClass(nodes, 'log2')).toEqual({ from, to });
  });

  it('finds the power of two that holds a number', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 31 }), nodes => {
        const found = nodeClass(nodes, 'log2');
        expect(found?.from).toBe(2 ** (nodes.toString(2).length - 1));
        expect(found?.to).toBe(2 * (found?.from ?? NaN) - 1);
      }),
      SEED
    );
  });

  it.each([0, -1, 0.5, NaN, Infinity])('has no power of two for %d', nodes => {
    expect(nodeClass(nodes, 'log2')).toBeNull();
  });

  it.each<[number, number | null, number | null]>([
    [1, 1, 1],
    [2, 2, 32],
    [32, 2, 32],
    [33, 33, null],
    [9688, 33, null],
    [0, null, null]
  ])('puts %d nodes into %s–%s by lower bounds', (nodes, from, to) => {
    expect(nodeClass(nodes, [1, 2, 33])).toEqual(
      from === null ? null : { from, to }
    );
  });

  it('has a class for each value without bins', () => {
    expect(nodeClass(7, null)).toEqual({ from: 7, to: 7 });
    expect(nodeClass(0, null)).toEqual({ from: 0, to: 0 });
  });
});

describe('checkBins', () => {
  it.each<[Bins]>([[null], ['log2'], [[1]], [[1, 2, 33, 65]]])(
    'takes %j',
    bins => {
      expect(() => checkBins(bins)).not.toThrow();
    }
  );

  it.each<[Bins]>([
    [[]],
    [[0, 1]],
    [[2, 1]],
    [[1, 1]],
    [[1.5]],
    [[NaN]],
    [[1, Infinity]]
  ])('refuses %j', bins => {
    expect(() => checkBins(bins)).toThrow(
      'Classes are “log2” or ascending whole numbers from 1, such as 1,2,33,65.'
    );
  });
});
