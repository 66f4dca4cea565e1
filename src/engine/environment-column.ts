import { environmentOf } from '../workload/environment';
import type { IEnvironmentRule } from '../workload/environment';
import type { Mapping } from '../workload/fields';
import { flagOf } from './conditions';
import type { ISegment } from './dataset';
import type { Codes } from './dictionary';
import { Dictionary } from './dictionary';
import type { IIndex, IRowCodes } from './shared';

/** The derived field `environment`: a code a row, from the interpreter's path and the container flag. */
export class EnvironmentColumn implements IRowCodes {
  constructor(
    private readonly _index: IIndex,
    private readonly _mapping: Mapping,
    rules: readonly IEnvironmentRule[]
  ) {
    this._nameOf = environmentOf(rules);
  }

  readonly dictionary = new Dictionary('text');

  /** The code of each row. The rules are asked once for each pair of path and flag. */
  readonly codes = (segment: ISegment): Codes => {
    let codes = this._codes[segment.id];
    if (!codes) {
      codes = this._derive(segment);
      this._codes[segment.id] = codes;
    }
    return codes;
  };

  private _derive(segment: ISegment): Codes {
    const codes = new Uint16Array(segment.rows);
    const paths = this._part(this._mapping.executable, segment);
    const flags = this._part(this._mapping.is_container, segment);
    for (let i = 0; i < codes.length; i++) {
      const path = paths?.codes[i] ?? 0;
      const flag = flags?.codes[i] ?? 0;
      const known = (this._known[path] ??= []);
      codes[i] = known[flag] ??= this.dictionary.internText(
        this._nameOf(
          paths?.dictionary.text(path) ?? null,
          flags !== null && flagOf(flag, flags.dictionary) === 1
        )
      );
    }
    return codes;
  }

  private _part(
    columns: readonly string[] | undefined,
    segment: ISegment
  ): { codes: Codes; dictionary: Dictionary } | null {
    const column = columns?.[0];
    if (column === undefined) {
      return null;
    }
    const { codes, dictionary } = this._index.coded(column);
    const found = codes[segment.id];
    return found ? { codes: found, dictionary } : null;
  }

  private readonly _nameOf: (path: string | null, inside: boolean) => string;
  /** Codes by path code and flag code. */
  private readonly _known: number[][] = [];
  private readonly _codes: Codes[] = [];
}
