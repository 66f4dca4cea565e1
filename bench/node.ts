/** One run of this engine in Node: prints what it measured as JSON. Usage: node node.mjs FILE */
import { isMainThread } from 'node:worker_threads';

import { openNodeEngine, runDecoderThread } from '../src/cli/node-engine';
import { measure } from './measure';

if (isMainThread) {
  const path = process.argv[2];
  const measured = await measure(path, () => openNodeEngine([path]));
  const memory = process.resourceUsage().maxRSS * 1024;
  process.stdout.write(`${JSON.stringify({ ...measured, memory })}\n`);
  process.exit(0);
} else {
  runDecoderThread();
}
