import type { Extract, IExtractPlan } from './extract';

/** Extracts that are kept. */
const MOST_KEPT = 3;

/** The extracts that are in memory, of which all share one bound. The one that was used last comes first. */
export class KeptExtracts {
  /**
   * @param memory Most memory that all of them may take, bytes.
   */
  constructor(readonly memory: number) {}

  /** Memory that all of them take, bytes. */
  get bytes(): number {
    return bytesOf(this._extracts);
  }

  has(extract: Extract): boolean {
    return this._extracts.includes(extract);
  }

  /** One that covers a plan: one that lacks nothing, or else the one that needs the fewest requests. */
  covering(plan: IExtractPlan): Extract | undefined {
    const lacking = (extract: Extract) => extract.lacking(plan).length;
    return this._extracts
      .filter(extract => extract.covers(plan))
      .sort((a, b) => lacking(a) - lacking(b))
      .at(0);
  }

  add(extract: Extract): void {
    this._extracts.unshift(extract);
  }

  /** It was used last. */
  touch(extract: Extract): void {
    const at = this._extracts.indexOf(extract);
    if (at > 0) {
      this._extracts.splice(at, 1);
      this._extracts.unshift(extract);
    }
  }

  /** What an extract may take at most, bytes: all but what others that are in use take. */
  most(asking: Extract): number {
    const used = this._extracts.filter(one => one !== asking && one.users > 0);
    return Math.max(0, this.memory - bytesOf(used));
  }

  /** Make room for what an extract is going to take, bytes: those that nobody uses go, the one that was used longest ago first. */
  makeRoom(asking: Extract, bytes: number): void {
    const others = () => this._extracts.filter(one => one !== asking);
    for (const other of others().reverse()) {
      if (other.users === 0 && bytes > this.memory - bytesOf(others())) {
        this.drop(other);
      }
    }
  }

  /** Let go of those that later ones have outdone. */
  tidy(): void {
    const isOutdone = (extract: Extract, i: number) =>
      extract.users === 0 &&
      (i >= MOST_KEPT ||
        this._extracts.some(
          other => other !== extract && other.outdoes(extract)
        ));
    // One after the other: of two that outdo each other one stays.
    for (let i = this._extracts.length - 1; i >= 0; i--) {
      if (isOutdone(this._extracts[i], i)) {
        this.drop(this._extracts[i]);
      }
    }
  }

  /** Let go of all. */
  clear(): void {
    [...this._extracts].forEach(extract => this.drop(extract));
  }

  /** Let go of one. */
  drop(extract: Extract): void {
    const at = this._extracts.indexOf(extract);
    if (at >= 0) {
      this._extracts.splice(at, 1);
      extract.dispose();
    }
  }

  private readonly _extracts: Extract[] = [];
}

function bytesOf(extracts: readonly Extract[]): number {
  return extracts.reduce((sum, { bytes }) => sum + bytes, 0);
}
