import type { IEngine } from '../src/engine/engine';
import { FILTERS, FIRST_CHANGE, STUDY, studyQuery } from './questions';

/** Milliseconds that somebody looks at a chart. */
const LOOK = 5000;

/** What one run measures; times in milliseconds, warm ones a list of rounds by question. */
export interface IMeasured {
  readonly cold: number;
  /** The five with another filter at once, before rows are condensed. */
  readonly first: number;
  readonly warm: Record<string, number[]>;
  /** Rows of all answers, so that engines can be compared. */
  readonly answers: Record<string, number>;
}

/** From opening the file to the last of the five answers, then the five with one filter after the other. */
export async function measure(
  path: string,
  open: () => Promise<IEngine>
): Promise<IMeasured> {
  const began = performance.now();
  const engine = await open();
  const first = await Promise.all(
    STUDY.map(analysis => engine.answer(studyQuery(analysis, path, FILTERS[0])))
  );
  const cold = performance.now() - began;
  const answers: Record<string, number> = {};
  STUDY.forEach((analysis, i) => {
    answers[analysis] = first[i].table.rows.length;
  });
  const changed = performance.now();
  for (const analysis of STUDY) {
    await engine.answer(studyQuery(analysis, path, FIRST_CHANGE));
  }
  const firstChange = performance.now() - changed;
  const warm: Record<string, number[]> = {};
  // A column that a filter needs for the first time has to be read: that is not what is measured here.
  for (const filters of FILTERS.slice(1)) {
    await engine.answer(studyQuery('users', path, filters));
  }
  // People look at what they see before they change it, and rows are condensed meanwhile.
  await new Promise(resolve => setTimeout(resolve, LOOK));
  for (const filters of FILTERS.slice(1)) {
    for (const analysis of STUDY) {
      const start = performance.now();
      await engine.answer(studyQuery(analysis, path, filters));
      (warm[analysis] ??= []).push(performance.now() - start);
    }
  }
  engine.dispose();
  return { cold, first: firstChange, warm, answers };
}
