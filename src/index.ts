import type { JupyterFrontEndPlugin } from '@jupyterlab/application';

import { dashboardPlugin } from './dashboard/plugin';
import { explorerPlugin } from './explorer/plugin';
import { rolesPlugin } from './roles/plugin';

/** The plugins of the extension. */
const plugins: JupyterFrontEndPlugin<unknown>[] = [
  explorerPlugin,
  rolesPlugin,
  dashboardPlugin
];

export default plugins;
