import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IRevealOptions } from '../reveal';
import type { IRuleTexts } from '../rule-texts';
import type { PanelModel } from './panel-model';

/** What the parts of the side panel work with. */
export interface IPanelContext {
  readonly model: PanelModel;
  readonly trans: TranslationBundle;
  readonly commands: JupyterFrontEnd['commands'];
  /** Bring a cell of the notebook into sight, and the notebook with it. */
  readonly reveal: (id: string, options?: IRevealOptions) => void;
  readonly rules: IRuleTexts;
}
