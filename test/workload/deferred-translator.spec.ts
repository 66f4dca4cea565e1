import fc from 'fast-check';

import {
  deferring,
  translateDeferred
} from '../../src/workload/deferred-translator';
import { english } from '../../src/workload/translator';
import type { ITranslator } from '../../src/workload/translator';

const german: ITranslator = {
  __: (text, ...args) =>
    english.__(
      new Map([
        ['Cell %1 reads %2.', 'Zelle %1 liest %2.'],
        ['nothing', 'nichts']
      ]).get(text) ?? text,
      ...args
    ),
  _n: (singular, plural, n, ...args) =>
    english._n(
      singular,
      plural === '%1 cells' ? '%1 Zellen' : plural,
      n,
      ...args
    )
};

describe('translateDeferred', () => {
  it('translates a message where the page is', () => {
    const text = deferring.__('Cell %1 reads %2.', 3, 'x');
    expect(translateDeferred(text, german)).toBe('Zelle 3 liest x.');
  });

  it('translates messages within messages and within texts', () => {
    const inner = deferring.__('nothing');
    const text = `(${deferring.__('Cell %1 reads %2.', 3, inner)}) ${deferring._n('%1 cell', '%1 cells', 2)}`;
    expect(translateDeferred(text, german)).toBe(
      '(Zelle 3 liest nichts.) 2 Zellen'
    );
  });

  it('leaves a text alone that only looks like a message', () => {
    expect(translateDeferred('a \u0001{\u0002 b', german)).toBe(
      'a \u0001{\u0002 b'
    );
  });

  it('gives what the translator itself gives, whatever the arguments hold', () => {
    const arg = fc.oneof(fc.string({ unit: 'binary' }), fc.integer());
    fc.assert(
      fc.property(fc.array(arg, { maxLength: 3 }), fc.nat(), (args, n) => {
        const make = (trans: ITranslator) =>
          trans.__(
            'a %1 b %2 %3',
            trans._n('%1 %2', '%1 of %2', n, ...args.slice(0, 1)),
            ...args
          );
        expect(translateDeferred(make(deferring), english)).toBe(make(english));
      })
    );
  });
});
