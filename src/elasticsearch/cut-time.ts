import { ElasticFailure } from './failure';
import type { PointInTime } from './point-in-time';
import type { Condition } from './protocol';
import {
  allOf,
  anyOf,
  finer,
  histogramBody,
  intervalFor,
  MOST_STRETCHES,
  stretchesIn,
  within
} from './slices';
import type { IStretch } from './slices';

/** Histograms under way at a time. */
const PARALLEL = 3;
/** Separate stretches that one histogram is asked about. */
const MOST_RANGES = 256;
/** A server that does not even give so many buckets is not asked for fewer. */
const LEAST_STRETCHES = 16;

/** Where and when documents are. */
export interface ISpan {
  /** The field of their times, and what chooses them. */
  readonly field: string;
  readonly condition: Condition | null;
  /** First time, and the first one after the last, epoch milliseconds. */
  readonly from: number;
  readonly to: number;
  /** Documents with a time. */
  readonly documents: number;
}

/**
 * Cut a span into stretches with no more documents than fit a page, as long as time can be cut.
 *
 * #### Notes
 * The first histogram has more stretches the more documents there are. Those with too many are cut again, many of them in one request:
 * all lengths are powers of two, so that a stretch is a whole number of shorter ones.
 *
 * @returns The stretches with documents, ascending; null when some document has several times, and so is in several of them.
 * @throws ElasticFailure; `AbortError`
 */
export async function cutTime(
  point: PointInTime,
  span: ISpan,
  signal?: AbortSignal
): Promise<IStretch[] | null> {
  const cutter = new Cutter(point, span, signal);
  const stretches = await cutter.cut();
  const sum = stretches.reduce((all, { documents }) => all + documents, 0);
  return sum === span.documents ? stretches : null;
}

class Cutter {
  constructor(
    private readonly _point: PointInTime,
    private readonly _span: ISpan,
    private readonly _signal: AbortSignal | undefined
  ) {}

  async cut(): Promise<IStretch[]> {
    const { from, to, documents } = this._span;
    const { pageSize } = this._point;
    const whole: IStretch = { from, to, documents };
    let interval = 0;
    let found = await this._withFewer(most => {
      interval = intervalFor(whole, pageSize, most);
      return this._histogram([whole], interval);
    });
    for (;;) {
      const dense = found.filter(one => one.documents > pageSize);
      if (dense.length === 0 || interval === 1) {
        break;
      }
      const before = interval;
      const parts = await this._withFewer(most => {
        interval = finer(before, dense, pageSize, most);
        const together = Math.floor((most * interval) / before);
        return this._inChunks(dense, Math.max(1, together), interval);
      });
      // What a document with several times adds elsewhere is left out here, so that this ends.
      const starts = new Set(dense.map(one => one.from));
      found = [
        ...found.filter(one => one.documents <= pageSize),
        ...parts.filter(one =>
          starts.has(Math.floor(one.from / before) * before)
        )
      ].sort((a, b) => a.from - b.from);
    }
    // Stretches begin at multiples of their length, which the span need not do.
    return found.map(one => ({
      ...one,
      from: Math.max(from, one.from),
      to: Math.min(to, one.to)
    }));
  }

  private async _inChunks(
    stretches: readonly IStretch[],
    together: number,
    interval: number
  ): Promise<IStretch[]> {
    const chunks: IStretch[][] = [];
    for (const next of stretches) {
      const chunk = chunks.at(-1);
      if (
        chunk &&
        chunk.length < together &&
        adjoined([...chunk, next]).length <= MOST_RANGES
      ) {
        chunk.push(next);
      } else {
        chunks.push([next]);
      }
    }
    const found: IStretch[][] = [];
    let at = 0;
    const work = async () => {
      while (at < chunks.length) {
        found.push(await this._histogram(chunks[at++], interval));
      }
    };
    await Promise.all(Array.from({ length: PARALLEL }, work));
    return found.flat();
  }

  private async _histogram(
    stretches: readonly IStretch[],
    interval: number
  ): Promise<IStretch[]> {
    const { field, condition } = this._span;
    const ranges = adjoined(stretches).map(({ from, to }) =>
      within(field, from, to)
    );
    const answer = await this._point.search(
      {
        size: 0,
        track_total_hits: false,
        ...histogramBody(field, interval, allOf([condition, anyOf(ranges)]))
      },
      'documents by time',
      this._signal
    );
    return stretchesIn(answer, interval);
  }

  /** Do something with fewer buckets each time the server says that there are too many. */
  private async _withFewer(
    act: (most: number) => Promise<IStretch[]>
  ): Promise<IStretch[]> {
    for (;;) {
      try {
        return await act(this._most);
      } catch (error) {
        const isTooMuch =
          error instanceof ElasticFailure && error.kind === 'too-many-buckets';
        if (!isTooMuch || this._most <= LEAST_STRETCHES) {
          throw error;
        }
        this._most /= 4;
      }
    }
  }

  private _most = MOST_STRETCHES;
}

/** Stretches that follow each other without a gap, as one. */
function adjoined(
  stretches: readonly IStretch[]
): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = [];
  for (const { from, to } of stretches) {
    const last = found.at(-1);
    if (last?.to === from) {
      last.to = to;
    } else {
      found.push({ from, to });
    }
  }
  return found;
}
