import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import { cacheFolder } from '../../scripts/lib/project.mjs';
import { python } from './fixtures';

/** What real-time collaboration is made of, beyond what JupyterLab itself needs. */
const PACKAGES = [
  'jupyter-collaboration==5.0.4',
  'jupyter-collaboration-ui==3.0.4',
  'jupyter-docprovider==3.0.4',
  'jupyter-server-ydoc==3.0.4',
  'jupyter-server-fileid==0.10.0',
  'jupyter-ydoc==4.2.1',
  'pycrdt==0.14.13',
  'pycrdt-store==0.1.5',
  'pycrdt-websocket==0.16.5',
  'sqlite-anyio==0.3.2'
];

/**
 * Environment variables with which a JupyterLab has real-time collaboration.
 *
 * It lies in a folder of its own, outside the tree, since wherever it is installed all documents are shared.
 */
export function withCollaboration(): Record<string, string> {
  const version = execFileSync(python(), ['--version'], { encoding: 'utf8' });
  const key = createHash('sha256')
    .update(JSON.stringify([PACKAGES, version]))
    .digest('hex')
    .slice(0, 16);
  const folder = join(cacheFolder(), `collaboration-${key}`);
  if (!existsSync(folder)) {
    const making = `${folder}.making`;
    rmSync(making, { recursive: true, force: true });
    execFileSync(
      python(),
      [
        ...['-m', 'pip', 'install', '-q', '--disable-pip-version-check'],
        ...['--no-deps', '--target', making],
        ...PACKAGES
      ],
      { stdio: 'pipe' }
    );
    renameSync(making, folder);
  }
  return {
    PYTHONPATH: [folder, process.env.PYTHONPATH]
      .filter(path => path)
      .join(delimiter),
    JUPYTER_PATH: join(folder, 'share', 'jupyter'),
    JUPYTER_CONFIG_PATH: join(folder, 'etc', 'jupyter')
  };
}
