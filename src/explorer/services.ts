import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { IThemeManager } from '@jupyterlab/apputils';
import type { IEditorServices } from '@jupyterlab/codeeditor';
import type { IDocumentManager } from '@jupyterlab/docmanager';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { IStateDB } from '@jupyterlab/statedb';
import type { TranslationBundle } from '@jupyterlab/translation';

/** What of JupyterLab the explorer's documents work with. */
export interface IServices {
  readonly app: JupyterFrontEnd;
  readonly docManager: IDocumentManager;
  readonly trans: TranslationBundle;
  readonly themeManager: IThemeManager | null;
  readonly editorServices: IEditorServices | null;
  readonly settings: ISettingRegistry | null;
  readonly state: IStateDB | null;
}

export const PLUGIN_ID = 'jupyterlab-workload-explorer:explorer';
