/**
 * The page that measures this engine in Chromium: `/?measure=file|first&name=…&size=…` measures and posts what it found to `/result`.
 *
 * Nothing looks on meanwhile: tools that drive a browser hear of every request, which takes as long as some of what is measured.
 */
import { createEngine } from '../src/engine/client';
import type { IEngine, IFileEntry } from '../src/engine/engine';
import { measure } from './measure';
import type { IMeasured } from './measure';
import { STUDY, studyQuery } from './questions';

/** Milliseconds in which a browser that was just started comes to rest. */
const REST = 2000;

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

async function measureFirst(name: string, size: number): Promise<IFirst> {
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
}

async function run(): Promise<IMeasured | IFirst> {
  const asked = new URLSearchParams(location.search);
  const name = asked.get('name') ?? '';
  const size = Number(asked.get('size'));
  await new Promise(resolve => setTimeout(resolve, REST));
  return asked.get('measure') === 'first'
    ? measureFirst(name, size)
    : measure(name, () => open(name, size));
}

void run()
  .catch((error: unknown) => ({ error: String(error) }))
  .then(result =>
    fetch('/result', { method: 'POST', body: JSON.stringify(result) })
  );
