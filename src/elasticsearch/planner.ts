import { defaultQuestion } from '../workload/analyses';
import {
  ALIASES,
  ENVIRONMENT,
  mergeMapping,
  plainName,
  ROLES
} from '../workload/fields';
import type { Mapping, Role } from '../workload/fields';
import type {
  DefaultField,
  Filter,
  IQuery,
  ISelection
} from '../workload/query';
import { filtersOf } from '../engine/answers';
import { EngineError } from '../engine/engine';
import { fieldColumns } from '../engine/dataset';
import type { IDataset } from '../engine/dataset';
import type { INeed } from '../engine/loader';
import { checkMapping, needsOf, overviewNeeds } from '../engine/needs';
import { conditionOf } from './conditions';
import type { IExtractPlan } from './extract';
import type { IIndexColumn } from './fields';
import {
  holdsSeveral,
  severalAggregations,
  suitedMapping
} from './index-source';
import type { IIndexSource } from './index-source';
import type { Condition } from './protocol';
import { SharedWork } from './shared-work';
import { allOf, ofIndices } from './slices';

/** Roles whose columns are fetched with the first question of a panel, so that a changed condition costs no request. */
const USUAL_ROLES = [
  'user',
  'job',
  'package',
  'nodes',
  'system',
  'subsystem',
  'qos',
  'account',
  'is_staff',
  'is_compute',
  'is_container'
] as const;

/** Columns of which is remembered whether they are lists. */
const MOST_ASKED = 100;

/** Says what has to be fetched for a question. */
export class Planner {
  /**
   * @param _pushDown Whether the server applies conditions, so that little is fetched; otherwise what is fetched serves other
   * conditions, too.
   */
  constructor(
    private readonly _source: IIndexSource,
    private readonly _pushDown: boolean
  ) {
    this._columns = new Map(_source.columns);
  }

  get columns(): ReadonlyMap<string, IIndexColumn> {
    return this._columns;
  }

  /** The whole mapping in force. */
  mapping(selection: ISelection): Mapping {
    return mergeMapping(this._proposed(), selection.mapping);
  }

  /** All filters in force. */
  filters(query: IQuery): Filter[] {
    const mapping = this.mapping(query);
    return filtersOf(query, { mapping, applicable: applicableOf(mapping) });
  }

  /** @throws EngineError when the question makes no sense, or the columns cannot answer it. */
  async answer(query: IQuery, signal?: AbortSignal): Promise<IExtractPlan> {
    return this._explaining(query, () => this._answer(query, signal));
  }

  async overview(
    selection: ISelection,
    signal?: AbortSignal
  ): Promise<IExtractPlan> {
    return this._explaining(selection, () => this._overview(selection, signal));
  }

  async values(
    field: string,
    selection: ISelection,
    signal?: AbortSignal
  ): Promise<IExtractPlan> {
    return this._explaining(selection, () =>
      this._values(field, selection, signal)
    );
  }

  /**
   * @param needs Some may be named more than once.
   */
  plan(
    needs: readonly INeed[],
    mapping: Mapping,
    condition: Condition | null = null
  ): IExtractPlan {
    return {
      needs: unique(needs),
      mapping,
      condition,
      byDocument: needs.some(({ name }) => this._columns.get(name)?.list)
    };
  }

  /** What questions of a panel are likely to need. */
  usual(mapping: Mapping): readonly INeed[] {
    const [time = ''] = mapping.time ?? [];
    return [
      ...this._coded(USUAL_ROLES.flatMap(role => mapping[role] ?? [])),
      ...(this._columns.has(time)
        ? [{ name: time, form: 'seconds' } as const]
        : [])
    ];
  }

  /** Take columns for lists from now on. */
  makeLists(names: readonly string[]): void {
    for (const name of names) {
      const column = this._columns.get(name);
      if (column) {
        this._columns.set(name, { ...column, list: true });
      }
    }
  }

  private async _answer(
    query: IQuery,
    signal?: AbortSignal
  ): Promise<IExtractPlan> {
    const mapping = await this._checked(query, signal);
    const { columns } = needsOf(
      query,
      this._dataset(),
      mapping,
      applicableOf(mapping)
    );
    // Jobs of `module-share` are of other nodes than its users.
    const isPushed = this._pushDown && query.analysis !== 'module-share';
    const conditions = isPushed
      ? this.filters(query)
          // All of them are tried here again, so it does no harm to choose too many documents. A field may be normalized, which
          // chooses more of them, and by a negated condition fewer.
          .filter(({ not }) => !not)
          .map(filter => conditionOf(filter, this._columns, mapping))
      : [];
    return this.plan(columns, mapping, allOf(conditions));
  }

  private async _overview(
    selection: ISelection,
    signal?: AbortSignal
  ): Promise<IExtractPlan> {
    const mapping = await this._checked(selection, signal);
    const query = { ...selection, ...defaultQuestion('users') };
    const { columns } = overviewNeeds(
      selection,
      this.filters(query),
      this._dataset(),
      mapping
    );
    return this.plan(columns, mapping);
  }

  private async _values(
    field: string,
    selection: ISelection,
    signal?: AbortSignal
  ): Promise<IExtractPlan> {
    const mapping = await this._checked(selection, signal);
    const derived = field === ENVIRONMENT && !this._columns.has(field);
    const names = derived
      ? [mapping.executable?.[0] ?? '', ...(mapping.is_container ?? [])]
      : fieldColumns(field, mapping).slice(0, 1);
    return this.plan(
      this._coded([...names, ...(mapping.count ?? [])]),
      mapping
    );
  }

  /** Do something; when a column is missing that seems to be there, say why it cannot be used. */
  private async _explaining<T>(
    { mapping }: ISelection,
    act: () => Promise<T>
  ): Promise<T> {
    try {
      return await act();
    } catch (error) {
      const role = ROLES.find(
        known => error instanceof EngineError && known === error.field
      );
      const reason = role && this._unfit(role, mapping[role]);
      throw reason ? new EngineError('missing-column', reason, role) : error;
    }
  }

  /**
   * Why a column does not serve for a role, though its name says so, or the user; null where there is none.
   *
   * @param chosen The columns that the user chose for it.
   */
  private _unfit(role: Role, chosen?: readonly string[]): string | null {
    const isMeant = (name: string) =>
      chosen?.includes(name) ?? ALIASES[role].includes(plainName(name));
    const unreadable = this._source.info.unreadable.find(({ name }) =>
      isMeant(name)
    );
    if (unreadable) {
      return `“${unreadable.name}” cannot be read as “${role}”: ${unreadable.reason}. Map another column.`;
    }
    const several = [...this._columns.values()].find(
      ({ name, list }) => list && role !== 'package' && isMeant(name)
    );
    return several
      ? `“${several.name}” cannot be read as “${role}”: a document has one of them, and some documents hold several values there. Map another column, or correct those documents.`
      : null;
  }

  private async _checked(
    selection: ISelection,
    signal?: AbortSignal
  ): Promise<Mapping> {
    const mapping = this.mapping(selection);
    await this._learnLists(mapping, signal);
    checkMapping(mapping, this._dataset());
    return mapping;
  }

  /** Find out whether documents name several packages, for a column that was mapped by hand. */
  private async _learnLists(
    mapping: Mapping,
    signal?: AbortSignal
  ): Promise<void> {
    const [name = ''] = mapping.package ?? [];
    const column = this._columns.get(name);
    if (
      column &&
      !column.list &&
      // Found out when it was opened.
      name !== this._source.info.mapping.package?.[0] &&
      (await this._lists.get(name, own => this._isList(column, own), signal))
    ) {
      this.makeLists([name]);
    }
  }

  private async _isList(
    { variants }: IIndexColumn,
    signal: AbortSignal
  ): Promise<boolean> {
    for (const { field, indices } of variants) {
      // Elsewhere the field may be one that cannot be counted.
      const own = ofIndices(indices);
      const answer = await this._source.point.search(
        {
          size: 0,
          track_total_hits: false,
          ...(own ? { query: own } : {}),
          aggs: severalAggregations(field)
        },
        'whether documents name several packages',
        signal
      );
      if (holdsSeveral(answer.aggregations)) {
        return true;
      }
    }
    return false;
  }

  private _coded(names: readonly string[]): INeed[] {
    return names
      .filter(name => this._columns.has(name))
      .map(name => ({ name, form: 'codes' }));
  }

  /** The columns, for questions about a question. */
  private _dataset(): IDataset {
    const { info } = this._source;
    return {
      columns: this._columns,
      segments: [],
      mapping: this._proposed(),
      info,
      timeBounds: () => null
    };
  }

  private _proposed(): Mapping {
    return suitedMapping(this._source.info.mapping, this._columns);
  }

  private readonly _columns: Map<string, IIndexColumn>;
  /** Whether columns that were mapped by hand are lists. */
  private readonly _lists = new SharedWork<boolean>(MOST_ASKED);
}

function applicableOf(mapping: Mapping): DefaultField[] {
  return (['is_staff', 'is_compute'] as const).filter(field => mapping[field]);
}

function unique(needs: readonly INeed[]): INeed[] {
  return [
    ...new Map(needs.map(need => [`${need.form}/${need.name}`, need])).values()
  ];
}
