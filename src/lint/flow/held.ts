import type { ISignature, IUnknown, Text, Value } from '../python/facts';
import { patternOf } from './evaluate';
import type { GivenTexts } from './given';
import type { NameTable } from './name-table';
import { fieldParts, keepObject, ownParts } from './objects';
import { ANYTHING } from './patterns';
import type { PathPattern } from './patterns';
import { joinHeld, UNKNOWN_HELD } from './values';
import type {
  IClassObject,
  IFunctionObject,
  IHeld,
  IHeldSignature
} from './values';

/** Where a value comes to be held. */
export interface IHolding {
  readonly cell: number;
  readonly table: NameTable;
  /** What the function that runs was given. */
  readonly given: GivenTexts;
  /** Under this, an object that is made is kept. */
  readonly id: string;
}

/** What a name holds that is bound to a value, in a cell, at a time of the run. */
export function heldOf(value: Value, where: IHolding): IHeld {
  const { cell, table, given, id } = where;
  const text = (each: Text): PathPattern => patternOf(each, table, given);
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
            gives: value.gives ?? null,
            wrappers: (value.decorators ?? []).flatMap(name =>
              returnedBy(table.get(name).held)
            )
          }
        ],
        isDirect: true
      };
    case 'class': {
      const own = value.parts ? ownParts(value.parts, text) : null;
      if (own) {
        keepObject(id, own, null, cell, table);
      }
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
            bases: value.bases.flatMap(base => table.get(base).held.classes),
            fields:
              own && value.fields
                ? new Map(
                    value.fields.map(name => [
                      name,
                      own.get(`.${name}`) ?? ANYTHING
                    ])
                  )
                : null
          }
        ],
        isDirect: true,
        objects: own ? [id] : []
      };
    }
    case 'parts': {
      keepObject(id, ownParts(value.parts, text), null, cell, table);
      return { ...heldOf(value.value, where), objects: [id] };
    }
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
      const told = value.text ? text(value.text) : null;
      const isInstance =
        isCall &&
        held.isDirect &&
        held.classes.length === 1 &&
        held.functions.length === 0;
      return functions.length + held.classes.length === 0
        ? { ...UNKNOWN_HELD, text: told }
        : {
            ...UNKNOWN_HELD,
            functions,
            classes: held.classes,
            isInstance,
            objects:
              isInstance && keepInstance(held, value.text, where) ? [id] : []
          };
    }
    case 'text':
      return { ...UNKNOWN_HELD, text: text(value.text) };
  }
}

/** What a name holds that is bound once: what nobody can tell is the same for all who read the name. */
export function namedHeld(held: IHeld, name: string, at: string): IHeld {
  const isOpaque =
    (held.text?.every(piece => piece === null) ?? true) &&
    held.functions.length + held.classes.length + held.objects.length === 0;
  return isOpaque
    ? {
        ...held,
        text: [
          {
            key: `${name} ${at}`,
            text: `{${name}}`,
            isText: false,
            isAbsolute: false
          }
        ]
      }
    : held;
}

/** Keep the object that calling a class makes, where it has nothing but texts of its class; whether it is so. */
function keepInstance(
  { classes, objects }: IHeld,
  call: Text | undefined,
  { cell, table, given, id }: IHolding
): boolean {
  const [{ fields }]: readonly IClassObject[] = classes;
  if (objects.length !== 1 || call?.kind !== 'call') {
    return false;
  }
  const own = fields
    ? fieldParts(fields, call, text => patternOf(text, table, given))
    : call.given.length === 0
      ? new Map<string, PathPattern>()
      : null;
  if (own) {
    keepObject(id, own, objects[0], cell, table);
  }
  return own !== null;
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
            gives: null,
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
