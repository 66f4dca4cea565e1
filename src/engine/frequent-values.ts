import { compareText } from '../workload/text';
import type { Dictionary } from './dictionary';
import { FIRST } from './dictionary';

/** A value, and how often it occurs. */
export interface IFrequentValue {
  readonly value: string;
  readonly records: number;
  /** Whether there may be more of these: a server that counted part by part did not tell of all parts. */
  readonly atLeast?: boolean;
}

/** A value that may be among the first; its text is read when it must be. */
interface ICandidate {
  readonly code: number;
  readonly records: number;
  readonly begins: boolean;
  text: string | null;
}

/**
 * The most frequent values, ties by name. Of those that contain a text, without regard to case, the ones that begin with it come
 * first: they are the likelier meant.
 *
 * @param counts Occurrences by code.
 */
export function frequentValues(
  dictionary: Dictionary,
  counts: Float64Array,
  { contains = '', limit = 50 }: { contains?: string; limit?: number }
): IFrequentValue[] {
  const wanted = contains.toLowerCase();
  const textOf = (candidate: ICandidate) =>
    (candidate.text ??= dictionary.text(candidate.code) ?? '');
  const compare = (a: ICandidate, b: ICandidate) =>
    Number(b.begins) - Number(a.begins) ||
    b.records - a.records ||
    compareText(textOf(a), textOf(b));
  // There may be millions of values, so only the first few are ever sorted.
  const best: ICandidate[] = [];
  for (let code = FIRST; code < counts.length; code++) {
    if (counts[code] === 0) {
      continue;
    }
    const text = wanted === '' ? null : (dictionary.text(code) ?? '');
    const lower = text?.toLowerCase() ?? '';
    if (!lower.includes(wanted)) {
      continue;
    }
    const begins = lower.startsWith(wanted);
    const candidate = { code, records: counts[code], begins, text };
    const last = best.at(-1);
    if (best.length < limit || (last && compare(candidate, last) < 0)) {
      const at = best.findIndex(other => compare(candidate, other) < 0);
      best.splice(at < 0 ? best.length : at, 0, candidate);
      best.length = Math.min(best.length, limit);
    }
  }
  return best.map(candidate => ({
    value: textOf(candidate),
    records: candidate.records
  }));
}
