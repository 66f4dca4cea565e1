import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { PanelModel } from './panel-model';

/** What the parts of the side panel work with. */
export interface IPanelContext {
  readonly model: PanelModel;
  readonly trans: TranslationBundle;
  readonly commands: JupyterFrontEnd['commands'];
  /** What a rule is about, in a few sentences. */
  readonly explain: (rule: string) => Promise<string>;
}
