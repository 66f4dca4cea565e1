import type { Expr, IPlace } from './expression';

/** A checked transform: the verbs in order. */
export interface ITransform {
  readonly verbs: readonly Verb[];
}

/** A column's name where it was written. */
export interface IName extends IPlace {
  readonly name: string;
}

/** A column to make: its name and what it holds; `frame` for `rolling(…)`. */
export interface IMade {
  readonly name: IName;
  readonly expr: Expr;
  readonly frame: IFrame | null;
}

/** Rows around the current one that a rolling calculation sees; null is without bound. */
export interface IFrame {
  readonly before: number | null;
  readonly after: number | null;
  /** Whether rows equal in the order belong to the frame together. */
  readonly peers: boolean;
}

/** A choice of columns. */
export type Choice =
  | { readonly kind: 'names'; readonly names: readonly IRenamed[] }
  | { readonly kind: 'all' }
  | { readonly kind: 'not'; readonly choices: readonly Choice[] }
  | { readonly kind: 'range'; readonly first: IName; readonly last: IName }
  | { readonly kind: 'startswith' | 'endswith'; readonly text: string };

/** A column, and what it is to be called. */
export interface IRenamed {
  readonly column: IName;
  readonly as: IName;
}

export interface ISortKey {
  readonly expr: Expr;
  readonly descending: boolean;
}

export type Verb = IPlace &
  (
    | { readonly verb: 'filter'; readonly test: Expr }
    | {
        readonly verb: 'derive' | 'rollup' | 'impute';
        readonly made: readonly IMade[];
      }
    | { readonly verb: 'groupby'; readonly keys: readonly IMade[] }
    | { readonly verb: 'ungroup' | 'unorder' }
    | { readonly verb: 'orderby'; readonly keys: readonly ISortKey[] }
    | { readonly verb: 'count'; readonly as: IName }
    | { readonly verb: 'select'; readonly choices: readonly Choice[] }
    | { readonly verb: 'dedupe'; readonly choices: readonly Choice[] }
    | { readonly verb: 'rename'; readonly names: readonly IRenamed[] }
    | {
        readonly verb: 'relocate';
        readonly choices: readonly Choice[];
        readonly side: 'before' | 'after';
        readonly anchor: IName;
      }
    | {
        readonly verb: 'slice';
        readonly start: number;
        readonly end: number | null;
      }
    | {
        readonly verb: 'pivot';
        readonly on: IName;
        readonly values: readonly IMade[];
      }
    | {
        readonly verb: 'fold';
        readonly choices: readonly Choice[];
        readonly as: readonly [IName, IName];
      }
  );

export type VerbName = Verb['verb'];

/** How each verb is written: for completion and for messages. */
export const VERBS: ReadonlyMap<string, string> = new Map<VerbName, string>([
  ['filter', 'filter(d => d.users >= 5)'],
  ['derive', 'derive({share: d => d.users / op.sum(d.users)})'],
  ['orderby', "orderby(desc('users'))"],
  ['unorder', 'unorder()'],
  ['select', "select('package', 'users')"],
  ['rename', "rename({users: 'people'})"],
  ['relocate', "relocate('users', {before: 'package'})"],
  ['groupby', "groupby('package')"],
  ['ungroup', 'ungroup()'],
  ['rollup', 'rollup({total: d => op.sum(d.users)})'],
  ['count', 'count()'],
  ['slice', 'slice(0, 10)'],
  ['dedupe', "dedupe('package')"],
  ['pivot', "pivot('period', 'users')"],
  ['fold', "fold(['users', 'jobs'])"],
  ['impute', 'impute({users: () => 0})']
]);
