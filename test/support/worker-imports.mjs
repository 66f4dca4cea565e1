// Prints, as JSON, what each worker imports that a web worker cannot load: JupyterLab's own packages.
import { build } from 'esbuild';

import { browserOptions } from '../../scripts/lib/bundles.mjs';

const options = browserOptions();
const answer = {};
for (const entry of options.entryPoints.filter(path =>
  path.endsWith('.worker.ts')
)) {
  const { metafile } = await build({
    ...options,
    entryPoints: [entry],
    metafile: true
  });
  answer[entry.replace(/^.*\/src\//, '')] = Object.values(metafile.inputs)
    .flatMap(({ imports }) => imports)
    .filter(({ external }) => external)
    .map(({ path }) => path);
}
process.stdout.write(JSON.stringify(answer));
