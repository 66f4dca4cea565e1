/** The page that measures this engine in Chromium; `run.mjs` serves it and calls `window.measureFile`. */
import { createEngine } from '../src/engine/client';
import type { IEngine, IFileEntry } from '../src/engine/engine';
import { measure } from './measure';
import type { IMeasured } from './measure';
import { STUDY, studyQuery } from './questions';

declare global {
  // eslint-disable-next-line @typescript-eslint/naming-convention -- the browser's own name
  interface Window {
    measureFile: (name: string, size: number) => Promise<IMeasured>;
    measureFirst: (name: string, size: number) => Promise<IFirst>;
  }
}

/** How soon something is to be seen over a slow line; milliseconds. */
interface IFirst {
  readonly firstChart: number;
  readonly lastAnswer: number;
  readonly bytes: number;
}

function open(name: string, size: number): Promise<IEngine> {
  const entry: IFileEntry = {
    path: name,
    location: new URL(`/data/${name}`, location.href).href,
    size,
    modified: null,
    partitions: {}
  };
  return createEngine([entry], { tool: 'bench' });
}

window.measureFile = (name, size) => measure(name, () => open(name, size));

window.measureFirst = async (name, size) => {
  const began = performance.now();
  const engine = await open(name, size);
  let firstChart = 0;
  const seen = () => {
    firstChart ||= performance.now() - began;
  };
  const answers = await Promise.all(
    STUDY.map(analysis =>
      engine.answer(studyQuery(analysis, name, []), { onPartial: seen })
    )
  );
  seen();
  const lastAnswer = performance.now() - began;
  engine.dispose();
  return {
    firstChart,
    lastAnswer,
    bytes: Math.max(...answers.map(a => a.provenance.bytes_read))
  };
};
