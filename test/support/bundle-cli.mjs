// Bundles the command line of these sources into the file named, without the rest of the build.
import { build } from 'esbuild';

import { cliOptions } from '../../scripts/lib/bundles.mjs';

await build({ ...cliOptions(), outfile: process.argv[2] });
