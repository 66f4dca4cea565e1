import { Signal } from '@lumino/signaling';

import type {
  IAnswer,
  IProvenance,
  ITable
} from '../../../src/workload/answer';
import type { IQuery, ISelection } from '../../../src/workload/query';
import type { IView } from '../../../src/workload/view';
import { newChart, newView } from '../../../src/workload/view';
import { NO_REQUESTS } from '../../../src/engine/engine';
import type {
  IAnswerOptions,
  ICost,
  IDatasetInfo,
  IEngine,
  IOverview
} from '../../../src/engine/engine';
import type { IViewModel } from '../../../src/explorer/view-model';

/** A view of two small charts. */
export function smallView(): IView {
  return {
    ...newView({ paths: ['demo.parquet'] }),
    board: [newChart('a', 'top-packages'), newChart('b', 'job-sizes')]
  };
}

/** A view in memory, without a document. */
export class FakeModel implements IViewModel {
  constructor(public view: IView = smallView()) {}

  readonly changed = new Signal<this, void>(this);
  readonly readOnly = false;
  readonly problem = null;
  readonly path = null;
  readonly isDisposed = false;
  readonly canUndo = false;
  readonly canRedo = false;
  trusted = true;

  trust(): void {
    this.trusted = true;
    this.changed.emit(undefined);
  }

  update(recipe: (view: IView) => IView): void {
    const view = recipe(this.view);
    if (view !== this.view) {
      this.view = view;
      this.changed.emit(undefined);
    }
  }

  undo(): void {
    throw new Error('not in a fake');
  }

  redo(): void {
    throw new Error('not in a fake');
  }

  dispose(): void {
    Signal.clearData(this);
  }
}

export const INFO: IDatasetInfo = {
  files: 1,
  index: null,
  distilled: null,
  rows: 1000,
  bytes: 50_000,
  modified: '2021-06-01T00:00:00Z',
  columns: [
    { name: 'username', type: 'text', list: false },
    { name: 'job_id', type: 'text', list: false },
    { name: 'subservice', type: 'text', list: false },
    { name: 'num_nodes', type: 'number', list: false }
  ],
  mapping: {
    user: ['username'],
    job: ['job_id'],
    package: ['subservice'],
    nodes: ['num_nodes']
  },
  span: { from: 1609459200, to: 1622419200 },
  unreadable: []
};

/** A question that a test answers when it likes. */
export interface IPending<Q, A> {
  readonly query: Q;
  readonly options: IAnswerOptions;
  resolve(value: A): void;
  reject(error: unknown): void;
}

/** An engine whose answers a test gives. */
export class FakeEngine implements IEngine {
  info: IDatasetInfo = INFO;
  readonly asked: IPending<IQuery, IAnswer>[] = [];
  readonly overviews: IPending<ISelection, IOverview>[] = [];
  costs: ICost = { bytes: 0, rows: 0, memory: 0 };
  requests: IEngine['requests'] = async () => NO_REQUESTS;

  disposed = false;

  answer(query: IQuery, options: IAnswerOptions = {}): Promise<IAnswer> {
    return this._hold(this.asked, query, options);
  }

  overview(
    selection: ISelection,
    options: IAnswerOptions = {}
  ): Promise<IOverview> {
    return this._hold(this.overviews, selection, options);
  }

  values(): Promise<{ value: string; records: number }[]> {
    return Promise.resolve([]);
  }

  /** What is estimated of each question; null for nothing. */
  estimates: (query: IQuery) => IAnswer | null = () => null;
  estimated: IOverview | null = null;
  /** How often it was told to be quiet. */
  quieted = 0;

  estimate: IEngine['estimate'] = async query => this.estimates(query);

  estimateOverview = async (): Promise<IOverview | null> => this.estimated;

  quiet(): void {
    this.quieted++;
  }

  cost: IEngine['cost'] = () => Promise.resolve(this.costs);

  dispose(): void {
    this.disposed = true;
  }

  /** Questions that are neither answered nor called off. */
  get open(): IPending<IQuery, IAnswer>[] {
    return this.asked.filter(one => !this._done.has(one));
  }

  /** Answer everything that is open. */
  async answerAll(records = 1000): Promise<void> {
    for (const one of this.open) {
      one.resolve(fakeAnswer(one.query, records));
    }
    for (const one of this.overviews.filter(each => !this._done.has(each))) {
      one.resolve(fakeOverview(records));
    }
    await ticks();
  }

  private _hold<Q, A>(
    list: IPending<Q, A>[],
    query: Q,
    options: IAnswerOptions
  ): Promise<A> {
    return new Promise((resolve, reject) => {
      const one: IPending<Q, A> = {
        query,
        options,
        resolve: value => {
          this._done.add(one);
          resolve(value);
        },
        reject: error => {
          this._done.add(one);
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      };
      options.signal?.addEventListener('abort', () =>
        one.reject(new DOMException('called off', 'AbortError'))
      );
      list.push(one);
    });
  }

  private readonly _done = new Set<unknown>();
}

export function fakeOverview(records = 1000): IOverview {
  return {
    records,
    users: 10,
    jobs: 20,
    packages: 5,
    days: null,
    estimate: null
  };
}

export function fakeAnswer(
  query: IQuery,
  records = 1000,
  partial = false
): IAnswer {
  const table: ITable = {
    columns: ['package', 'users'],
    rows: [
      { package: 'numpy', users: 7 },
      { package: 'scipy', users: 5 }
    ]
  };
  return { table, provenance: fakeProvenance(query, records, partial) };
}

export function fakeEstimate(query: IQuery): IAnswer {
  const { table, provenance } = fakeAnswer(query);
  const estimate = { method: 'cardinality', error: 0.02, of: 'value' } as const;
  return { table, provenance: { ...provenance, exact: false, estimate } };
}

export function fakeProvenance(
  query: IQuery,
  records = 1000,
  partial = false
): IProvenance {
  return {
    version: 1,
    tool: 'jupyterlab-workload-explorer 0.0.0',
    query,
    mapping: INFO.mapping,
    filters: query.filters,
    source: {
      files: 1,
      rows: 1000,
      bytes: 50_000,
      modified: INFO.modified,
      index: null
    },
    counted: ['users'],
    population: { records, users: 10, jobs: 20 },
    span: { from: '2021-01-01T00:00:00Z', to: '2021-05-31T23:59:59Z' },
    exact: true,
    estimate: null,
    partial,
    rows_read: 1000,
    rows_skipped: 0,
    rows_condensed: null,
    bytes_read: 50_000,
    pages: { fast: 10, slow: 0, checked: 0 },
    jobs_with_differing_nodes: null,
    notes: [],
    timing: { read_ms: 10, answer_ms: 2 }
  };
}

/** Let promises that are ready be followed. */
export async function ticks(): Promise<void> {
  for (let i = 0; i < 20; i++) {
    await Promise.resolve();
  }
}
