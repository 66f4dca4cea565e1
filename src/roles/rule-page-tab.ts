import type { ILabShell } from '@jupyterlab/application';
import { MainAreaWidget } from '@jupyterlab/apputils';
import { MimeModel } from '@jupyterlab/rendermime';
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';

import { rulePage } from '../lint/rule-page';
import { RULES } from '../lint/rules';
import type { ITranslator } from '../workload/translator';
import { rolesIcon } from './icon';

const MARKDOWN = 'text/markdown';

/** Open the page of a rule in a tab beside the notebook, or bring it to the front. */
export async function openRulePage(
  id: string,
  {
    shell,
    rendermime,
    trans
  }: { shell: ILabShell; rendermime: IRenderMimeRegistry; trans: ITranslator }
): Promise<void> {
  const tabId = `workload-explorer-rule-${id}`;
  const rule = RULES.find(each => each.id === id);
  if (!rule || [...shell.widgets('main')].some(tab => tab.id === tabId)) {
    shell.activateById(tabId);
    return;
  }
  const content = rendermime.createRenderer(MARKDOWN);
  content.addClass('jp-WorkloadRoles-page');
  const tab = new MainAreaWidget({ content });
  tab.id = tabId;
  tab.title.label = id;
  tab.title.icon = rolesIcon;
  tab.title.closable = true;
  await content.renderModel(
    new MimeModel({ data: { [MARKDOWN]: withoutLinks(rulePage(rule, trans)) } })
  );
  shell.add(tab, 'main', { mode: 'split-right', type: 'Rule' });
}

/** Other pages of the documentation are not there to go to. */
function withoutLinks(markdown: string): string {
  return markdown.replace(/\[([^\]]+)\]\(\.\.[^)]+\)/g, '$1');
}
