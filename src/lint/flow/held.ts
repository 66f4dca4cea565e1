import type { ISignature, IUnknown, Value } from '../python/facts';
import type { NameTable } from './name-table';
import { NOTHING_GIVEN } from './given';
import type { GivenTexts } from './given';
import { patternOf } from './paths';
import { joinHeld, UNKNOWN_HELD } from './values';
import type {
  IFunctionObject,
  IHeld,
  IHeldSignature,
  PathPattern
} from './values';

/** What a name holds that is bound to a value, in a cell, at a time of the run. */
export function heldOf(
  value: Value,
  cell: number,
  table: NameTable,
  given: GivenTexts = NOTHING_GIVEN
): IHeld {
  switch (value.kind) {
    case 'unknown':
      return UNKNOWN_HELD;
    case 'function':
      return {
        ...UNKNOWN_HELD,
        functions: [
          {
            cell,
            body: value.body,
            signature: value.parameters
              ? heldSignature(
                  { parameters: value.parameters, isBound: false },
                  table,
                  given
                )
              : null,
            returned: value.returned ?? null,
            wrappers: (value.decorators ?? []).flatMap(name =>
              returnedBy(table.get(name).held)
            )
          }
        ],
        isDirect: true
      };
    case 'class':
      return {
        ...UNKNOWN_HELD,
        classes: [
          {
            cell,
            methods: value.methods,
            signatures: new Map(
              Object.entries(value.signatures).map(([name, signature]) => [
                name,
                heldSignature(signature, table, given)
              ])
            ),
            properties: new Set(value.properties),
            bases: value.bases.flatMap(base => table.get(base).held.classes)
          }
        ],
        isDirect: true
      };
    case 'names': {
      const held = joinHeld(value.names.map(name => table.get(name).held));
      if (value.made === 'alias') {
        return held;
      }
      const isCall = value.made === 'call';
      const made = isCall && held.isDirect ? returnedBy(held) : [];
      if (made.length > 0) {
        return { ...UNKNOWN_HELD, functions: made, isDirect: true };
      }
      // What a function gives back is not the function.
      const functions = isCall ? [] : held.functions;
      const isInstance =
        isCall &&
        held.isDirect &&
        held.classes.length === 1 &&
        held.functions.length === 0;
      return functions.length + held.classes.length === 0
        ? UNKNOWN_HELD
        : {
            functions,
            classes: held.classes,
            isDirect: false,
            isInstance,
            text: null
          };
    }
    case 'text': {
      const text = patternOf(value.text, table, given);
      return { ...UNKNOWN_HELD, text };
    }
  }
}

/** The functions that calling a function gives back, where it makes them. */
function returnedBy({ functions }: IHeld): readonly IFunctionObject[] {
  return functions.flatMap(({ cell, returned }) =>
    returned
      ? [
          {
            cell,
            body: returned,
            signature: null,
            returned: null,
            wrappers: []
          }
        ]
      : []
  );
}

/** The defaults are those of the time at which a function is made. */
function heldSignature(
  signature: ISignature,
  table: NameTable,
  given: GivenTexts
): IHeldSignature {
  const defaults = new Map<string, PathPattern>();
  for (const { id, fallback } of signature.parameters) {
    if (fallback.kind !== 'unknown') {
      defaults.set(id, patternOf(fallback, table, given));
    }
  }
  return { ...signature, defaults };
}

/**
 * Take the names that code which cannot be understood may bind.
 *
 * @returns These names; none when it may be any.
 */
export function bindPossible(
  { names }: IUnknown,
  cell: number,
  table: NameTable
): readonly string[] {
  if (names === null) {
    table.open(cell);
    return [];
  }
  for (const name of names) {
    const { presence, cells } = table.get(name);
    table.set(name, {
      presence: presence === 'yes' ? 'yes' : 'maybe',
      cells: presence === 'no' ? [cell] : [...new Set([...cells, cell])],
      held: UNKNOWN_HELD,
      importText: null
    });
  }
  return names;
}
