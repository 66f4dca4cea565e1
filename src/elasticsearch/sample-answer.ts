import { answerColumns, defaultQuestion } from '../workload/analyses';
import type {
  IAnswer,
  IEstimate,
  IProvenance,
  ITable,
  Row
} from '../workload/answer';
import type { Filter, IQuery } from '../workload/query';
import { compareText } from '../workload/text';
import { compareR } from '../engine/answers';
import { pearson } from '../engine/kernels/pearson';
import { added, crossesOften, errorOfMost, jackknife } from './sample';
import type { PairCount } from './sample';

/** More rows than these are not counted several times over. */
const MOST_ROWS = 50_000;

/** An estimate from a sample. */
export interface ISampleAnswer {
  readonly table: ITable;
  readonly population: IProvenance['population'];
  readonly estimate: IEstimate;
}

/**
 * What is asked of each pair of stretches, both together and each by itself.
 *
 * @param filters All filters in force.
 * @returns null where the answer is no function of numbers of jobs.
 */
export function sampleQuestions(
  query: IQuery,
  filters: readonly Filter[]
): IQuery[] | null {
  const all = { ...query, filters, defaults: [], top: null };
  switch (query.analysis) {
    case 'mkl-share':
      return [all];
    case 'package-correlation':
    case 'package-affinity':
      return [
        all,
        {
          ...all,
          ...defaultQuestion('top-packages'),
          distinct: 'job',
          top: null
        }
      ];
    default:
      return null;
  }
}

/**
 * Estimate an answer from those of pairs of stretches.
 *
 * @param answers By pair: to each question from both stretches together, from the first, and from the second.
 * @param factor What counts of jobs are multiplied by.
 * @returns null where there are too many rows.
 */
export function sampleAnswer(
  query: IQuery,
  answers: readonly (readonly [IAnswer[], IAnswer[], IAnswer[]])[],
  factor: number
): ISampleAnswer | null {
  if (
    answers.some(([both]) =>
      both.some(({ table }) => table.rows.length > MOST_ROWS)
    )
  ) {
    return null;
  }
  const jobs = new Counts(answers, ([{ provenance }]) => [
    ['', provenance.population.jobs ?? 0]
  ]);
  const { table, error, of } =
    query.analysis === 'mkl-share'
      ? share(query, answers, factor)
      : correlation(query, answers, jobs, factor);
  return {
    table,
    population: {
      records: Math.round(
        factor *
          answers.reduce(
            (sum, [[{ provenance }]]) => sum + provenance.population.records,
            0
          )
      ),
      users: null,
      jobs: Math.round(factor * jobs.sum(''))
    },
    estimate: {
      method: 'sample',
      error: crossesOften(jobs.triples('')) ? null : error,
      of
    }
  };
}

type PairAnswers = readonly (readonly [IAnswer[], IAnswer[], IAnswer[]])[];

/** Numbers of jobs under some names, by pair. */
class Counts {
  constructor(
    pairs: PairAnswers,
    read: (answers: readonly IAnswer[]) => readonly [string, number][]
  ) {
    this._maps = pairs.map(sets => sets.map(answers => new Map(read(answers))));
    const names = this._maps.flatMap(([both]) => [...both.keys()]);
    this.names = [...new Set(names)];
  }

  readonly names: readonly string[];

  /** Jobs of a name, by pair. */
  triples(name: string): PairCount[] {
    return this._maps.map(([both, first, second]) => [
      both.get(name) ?? 0,
      first.get(name) ?? 0,
      second.get(name) ?? 0
    ]);
  }

  /** Jobs that the pairs add. */
  of(name: string): readonly number[] {
    let found = this._added.get(name);
    if (!found) {
      found = this.triples(name).map(added);
      this._added.set(name, found);
    }
    return found;
  }

  /** The same of some pairs, or all. */
  sum(name: string, chosen?: readonly number[]): number {
    return this.of(name).reduce(
      (sum, count, k) => sum + (chosen?.includes(k) === false ? 0 : count),
      0
    );
  }

  private readonly _maps: readonly (readonly ReadonlyMap<string, number>[])[];
  private readonly _added = new Map<string, readonly number[]>();
}

/** What is read from the answers, and how far off it may be. */
interface IEstimated extends Pick<IEstimate, 'error' | 'of'> {
  readonly table: ITable;
}

function share(
  query: IQuery,
  answers: PairAnswers,
  factor: number
): IEstimated {
  const names = ['eligible_jobs', 'mkl_jobs'] as const;
  const counts = new Counts(answers, ([{ table }]) =>
    names.map(name => [name, Number(table.rows[0]?.[name] ?? 0)])
  );
  const ratio = (chosen?: readonly number[]) => {
    const [all, mkl] = names.map(name => counts.sum(name, chosen));
    return all > 0 ? mkl / all : null;
  };
  const pairs = answers.length;
  const errors = [
    ...names.map(name =>
      relative(
        jackknife(
          pairs,
          // The pairs are about equally large; those that are left stand for all.
          chosen => (counts.sum(name, chosen) * pairs) / chosen.length
        ),
        counts.sum(name)
      )
    ),
    relative(jackknife(pairs, ratio), ratio() ?? 0)
  ];
  const [eligible, mkl] = names.map(name =>
    Math.round(factor * counts.sum(name))
  );
  const row: Row = {
    eligible_jobs: eligible,
    mkl_jobs: mkl,
    share: ratio()
  };
  return {
    table: { columns: answerColumns(query), rows: [row] },
    error: errors.every(Number.isFinite) ? Math.max(...errors) : null,
    of: 'value'
  };
}

function relative(error: number, value: number): number {
  return value > 0 ? error / value : error > 0 ? Infinity : 0;
}

function correlation(
  query: IQuery,
  answers: PairAnswers,
  jobs: Counts,
  factor: number
): IEstimated {
  const isPair = query.analysis === 'package-correlation';
  const own = query.package ?? '';
  const together = new Counts(answers, ([{ table }]) =>
    table.rows.map(row => [
      JSON.stringify(
        isPair ? [row.package_a, row.package_b] : [own, row.package]
      ),
      Number(row.jobs_both)
    ])
  );
  const single = new Counts(answers, ([, { table }]) =>
    table.rows.map(row => [String(row.package), Number(row.jobs)])
  );
  const scaled = (count: number) => Math.max(0, Math.round(factor * count));
  const found = pairsOf(isPair ? null : own, single.names).map(([a, b]) => {
    const key = JSON.stringify([a, b]);
    const r = (chosen?: readonly number[]) => {
      const value = pearson(
        jobs.sum('', chosen),
        single.sum(a, chosen),
        single.sum(b, chosen),
        together.sum(key, chosen)
      );
      // Counts from a sample may contradict each other.
      return Number.isNaN(value) ? null : value;
    };
    const [jobs_a, jobs_b, jobs_both] = [
      single.sum(a),
      single.sum(b),
      together.sum(key)
    ].map(scaled);
    const whole = r();
    const row: Row = isPair
      ? { package_a: a, package_b: b, r: whole, jobs_a, jobs_b, jobs_both }
      : { package: b, r: whole, jobs: jobs_b, jobs_both };
    return { r: whole, row, correlate: r };
  });
  // Names are in order already, and sorting is stable.
  const shown = found
    .sort((x, y) => compareR(x.r, y.r))
    .slice(0, query.top ?? undefined);
  return {
    table: {
      columns: answerColumns(query),
      rows: shown.map(({ row }) => row)
    },
    error: errorOfMost(
      shown
        .filter(({ r }) => r !== null)
        .map(({ correlate }) => jackknife(answers.length, correlate))
    ),
    of: 'one'
  };
}

/** Names two by two, each pair in their order; or one name with each other one. */
function pairsOf(
  own: string | null,
  names: readonly string[]
): [string, string][] {
  const sorted = [...names].sort(compareText);
  if (own !== null) {
    return names.includes(own)
      ? sorted.filter(name => name !== own).map(name => [own, name])
      : [];
  }
  return sorted.flatMap((a, i) =>
    sorted.slice(i + 1).map((b): [string, string] => [a, b])
  );
}
