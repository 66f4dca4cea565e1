import { desc, rolling, table as fromColumns } from 'arquero';
import type { ColumnTable } from 'arquero';
import type { ITable, Row } from '../workload/answer';
import type { ITranslator } from '../workload/translator';
import { comparePlain, distinctNames, plainCell } from './cells';
import {
  OTHER,
  arranged,
  checkVerb,
  resolveChoices,
  transformColumns
} from './columns';
import { emitFunction } from './emit';
import { TransformError } from './error';
import type { Expr, IPlace } from './expression';
import { LIMITS } from './limits';
import type { Choice, IMade, Verb } from './verbs';

/** A column while verbs run: what the user calls it, and what arquero does. */
interface ILive {
  readonly name: string;
  readonly id: string;
}

type Arranging = Extract<Verb, { verb: 'select' | 'rename' | 'relocate' }>;

/**
 * A table that verbs run on, in arquero.
 *
 * #### Notes
 * arquero sees internal names of columns only, so that neither a column's name nor, in a pivot, a value of the data can mean
 * anything to it. Selecting and renaming is bookkeeping here: arquero keeps all columns, and an order or group goes on using them.
 */
export class LiveTable {
  constructor(
    table: ITable,
    private readonly trans: ITranslator
  ) {
    const names = transformColumns(table);
    this.hidesOther = names.length > table.columns.length;
    this.live = names.map(name => ({ name, id: this.newId() }));
    this.checkSize(table.rows.length, names.length, { from: 0, to: 0 });
    this.data = fromColumns(
      Object.fromEntries(
        this.live.map(({ name, id }) => [
          id,
          // Missing is undefined while verbs run: then no comparison with it holds (`null <= 5` would).
          table.rows.map(row =>
            Object.hasOwn(row, name) ? (row[name] ?? undefined) : undefined
          )
        ])
      )
    );
  }

  /**
   * Run one verb.
   *
   * @throws TransformError; what arquero refuses becomes a sentence at the verb's place.
   */
  run(verb: Verb): void {
    checkVerb(verb, { columns: this.names(), groups: [] }, this.trans);
    try {
      this.apply(verb);
    } catch (error) {
      throw this.explained(error, verb);
    }
    this.checkSize(this.data.numRows(), this.live.length, verb);
    this.checkTexts(verb);
  }

  result(): ITable {
    const names = this.names();
    const columns = this.live.map(({ id }) => this.values(id));
    const rows = Array.from({ length: this.data.numRows() }, (_, i): Row =>
      // Own properties whatever their names are; an assignment could meet `__proto__`.
      Object.fromEntries(
        names.map((name, k) => [name, plainCell(columns[k][i])])
      )
    );
    if (!this.hidesOther) {
      return { columns: names, rows };
    }
    // The mark came along beside the columns, and goes on so.
    return {
      columns: names.filter(name => name !== OTHER),
      rows: rows.map(({ [OTHER]: mark, ...row }) =>
        mark === true ? { ...row, [OTHER]: true } : row
      )
    };
  }

  private apply(verb: Verb): void {
    switch (verb.verb) {
      case 'filter':
        this.data = this.data.filter(this.source(verb.test));
        break;
      case 'derive': {
        const [fresh, sources] = this.compiled(verb.made);
        this.data = this.data.derive(sources);
        this.replace(fresh);
        break;
      }
      case 'impute':
        this.data = this.data.impute(
          Object.fromEntries(
            verb.made.map(made => [
              this.id(made.name.name),
              this.source(made.expr)
            ])
          )
        );
        break;
      case 'orderby': {
        const ids = verb.keys.map(key => this.columnOf(key.expr));
        this.data = this.data.orderby(
          ids.map((id, i) => (verb.keys[i].descending ? desc(id) : id))
        );
        break;
      }
      case 'unorder':
        this.data = this.data.unorder();
        break;
      case 'groupby':
        this.groups = verb.keys.map(({ name, expr }) => ({
          name: name.name,
          id: this.columnOf(expr)
        }));
        this.data = this.data.groupby(this.groups.map(({ id }) => id));
        break;
      case 'ungroup':
        this.data = this.data.ungroup();
        this.groups = [];
        break;
      case 'rollup': {
        const [fresh, sources] = this.compiled(verb.made);
        this.data = this.data.rollup(sources);
        this.regroup(fresh);
        break;
      }
      case 'count': {
        const id = this.newId();
        this.data = this.data.count({ as: id });
        this.regroup([{ name: verb.as.name, id }]);
        break;
      }
      case 'slice':
        this.data = this.data.slice(verb.start, verb.end ?? Infinity);
        break;
      case 'dedupe':
        this.data = this.data.dedupe(
          verb.choices.length > 0
            ? this.chosen(verb.choices)
            : this.live.map(({ id }) => id)
        );
        this.groups = [];
        break;
      case 'select':
      case 'rename':
      case 'relocate':
        this.arrange(verb);
        break;
      case 'pivot':
        this.pivot(this.id(verb.on.name), verb.values, verb);
        break;
      case 'fold':
        this.fold(
          this.chosen(verb.choices),
          verb.as[0].name,
          verb.as[1].name,
          verb
        );
    }
  }

  private arrange(verb: Arranging): void {
    const pairs = arranged(verb, this.names());
    const marks =
      this.hidesOther && !pairs.some(pair => pair.includes(OTHER))
        ? this.live.filter(({ name }) => name === OTHER)
        : [];
    // Somebody who names a column "other" has a column of that name from here on.
    this.hidesOther &&= marks.length > 0 || this.keepsMark(pairs);
    this.live = [
      ...pairs.map(([from, to]) => ({ name: to, id: this.id(from) })),
      ...marks
    ];
  }

  private keepsMark(pairs: readonly [string, string][]): boolean {
    return pairs.some(([from, to]) => from === OTHER && to === OTHER);
  }

  /** Values become columns, which arquero would name by the values as they are. */
  private pivot(onId: string, values: readonly IMade[], place: IPlace): void {
    this.data = this.data.reify();
    const columns = new Map<unknown, ILive>();
    const keys = this.values(onId).map(value => {
      const key = value ?? null;
      const column = columns.get(key) ?? {
        name: String(plainCell(key)),
        id: this.newId()
      };
      columns.set(key, column);
      return column.id;
    });
    this.checkSize(1, columns.size * values.length, place);
    const keyId = this.addColumn(keys);
    const [fresh, sources] = this.compiled(values);
    this.data = this.data.pivot(keyId, sources, {
      valueSeparator: '_',
      sort: false
    });
    const sorted = [...columns].sort(([a], [b]) => comparePlain(a, b));
    const made = fresh.flatMap(value =>
      sorted.map(([, key]) =>
        fresh.length > 1
          ? { name: `${value.name}_${key.name}`, id: `${value.id}_${key.id}` }
          : key
      )
    );
    this.live = distinctNames([...this.groups, ...made]);
    this.groups = [];
    this.hidesOther = false;
  }

  /** Columns become rows, with their names in one column and their values in another. */
  private fold(
    folded: readonly string[],
    key: string,
    value: string,
    place: IPlace
  ): void {
    const names = new Map(this.live.map(({ name, id }) => [id, name]));
    this.checkSize(
      this.data.numRows() * folded.length,
      this.live.length,
      place
    );
    const [keyId, valueId] = [this.newId(), this.newId()];
    this.data = this.data
      .reify()
      .ungroup()
      .fold([...folded], { as: [keyId, valueId] });
    const labels = this.values(keyId).map(id => names.get(String(id)));
    this.groups = [];
    this.live = this.live.filter(({ id }) => !folded.includes(id));
    this.replace([
      { name: key, id: this.addColumn(labels) },
      { name: value, id: valueId }
    ]);
  }

  /** The internal name of what an expression gives: a column's own, or one derived for it that is never shown. */
  private columnOf(expr: Expr): string {
    if (expr.kind === 'column') {
      return this.id(expr.name);
    }
    const id = this.newId();
    this.data = this.data.derive({ [id]: this.source(expr) });
    return id;
  }

  /** Add values, one for each row in order, as a column that is not shown yet. */
  private addColumn(values: readonly unknown[]): string {
    const id = this.newId();
    this.data = this.data.assign({ [id]: [...values] });
    return id;
  }

  /** Put columns in the place of those of the same name, or at the end. */
  private replace(fresh: readonly ILive[]): void {
    const ids = new Map(fresh.map(({ name, id }) => [name, id]));
    const known = new Set(this.names());
    this.live = [
      ...this.live.map(({ name, id }) => ({ name, id: ids.get(name) ?? id })),
      ...fresh.filter(({ name }) => !known.has(name))
    ];
    if (ids.has(OTHER)) {
      this.hidesOther = false;
    }
  }

  /** After a verb that leaves one row a group: its keys, then what was made. */
  private regroup(fresh: readonly ILive[]): void {
    this.live = this.groups;
    this.groups = [];
    this.hidesOther = false;
    this.replace(fresh);
  }

  private chosen(choices: readonly Choice[]): string[] {
    return [...resolveChoices(choices, this.names()).keys()].map(name =>
      this.id(name)
    );
  }

  private names(): string[] {
    return this.live.map(({ name }) => name);
  }

  private id(name: string): string {
    const found = this.live.find(column => column.name === name);
    if (!found) {
      // `checkVerb` comes first.
      throw new Error(`There is no column “${name}”.`);
    }
    return found.id;
  }

  private newId(): string {
    this.ids += 1;
    return `c${this.ids}`;
  }

  /** A column's values in the order of the rows. */
  private values(id: string): unknown[] {
    const column = this.data.column(id);
    const values: unknown[] = [];
    this.data.scan((row = 0) => {
      const value: unknown = column?.at(row);
      values.push(value);
    }, true);
    return values;
  }

  /** Internal names and sources of columns to make. */
  private compiled(
    made: readonly IMade[]
  ): [ILive[], Record<string, string | object>] {
    const fresh = made.map(({ name }) => ({
      name: name.name,
      id: this.newId()
    }));
    return [
      fresh,
      Object.fromEntries(fresh.map(({ id }, i) => [id, this.framed(made[i])]))
    ];
  }

  private framed({ expr, frame }: IMade): string | object {
    const source = this.source(expr);
    if (!frame) {
      return source;
    }
    const before = frame.before === null ? -Infinity : -frame.before;
    const framed: unknown = rolling(
      source,
      [before, frame.after ?? Infinity],
      frame.peers
    );
    return typeof framed === 'object' && framed !== null ? framed : source;
  }

  private source(expr: Expr): string {
    const texts: Record<string, string> = {};
    const source = emitFunction(expr, {
      column: name => this.id(name),
      text: value => {
        this.texts += 1;
        texts[`t${this.texts}`] = value;
        return `t${this.texts}`;
      }
    });
    this.data.params(texts);
    return source;
  }

  private checkSize(rows: number, columns: number, place: IPlace): void {
    if (
      rows > LIMITS.rows ||
      columns > LIMITS.columns ||
      rows * columns > LIMITS.cells
    ) {
      throw new TransformError(
        this.trans.__(
          'This table would be too large: %1 rows and %2 columns. Keep fewer first, with a filter or the top N.',
          rows,
          columns
        ),
        place.from,
        place.to
      );
    }
  }

  /** Texts that double verb by verb end here, while they are still cheap. */
  private checkTexts(verb: Verb): void {
    if (
      verb.verb !== 'derive' &&
      verb.verb !== 'rollup' &&
      verb.verb !== 'pivot'
    ) {
      return;
    }
    const long = this.live.some(({ id }) =>
      this.values(id).some(
        value => typeof value === 'string' && value.length > LIMITS.text
      )
    );
    if (long) {
      throw new TransformError(
        this.trans.__('A text in this table would be too long.'),
        verb.from,
        verb.to
      );
    }
  }

  private explained(error: unknown, verb: Verb): TransformError {
    if (error instanceof TransformError) {
      return error;
    }
    return new TransformError(
      error instanceof EvalError
        ? this.trans.__(
            'This page’s security policy forbids compiling transforms (it lacks “unsafe-eval”). Charts without a transform still work.'
          )
        : this.trans.__(
            '“%1” cannot be run: %2.',
            verb.verb,
            error instanceof Error ? error.message : String(error)
          ),
      verb.from,
      verb.to
    );
  }

  private data: ColumnTable;
  private live: readonly ILive[];
  private groups: readonly ILive[] = [];
  /** Whether the mark of the `other` row goes along without being one of the table's columns. */
  private hidesOther: boolean;
  private ids = 0;
  private texts = 0;
}
