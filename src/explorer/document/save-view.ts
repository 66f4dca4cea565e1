import {
  Dialog,
  InputDialog,
  showDialog,
  showErrorMessage
} from '@jupyterlab/apputils';
import type { Contents } from '@jupyterlab/services';

import { isObject } from '../../workload/json';
import { formatView } from '../../workload/view-format';
import { VIEW_FACTORY } from '../commands';
import type { IServices } from '../services';
import { movedPath } from '../source-paths';
import type { IViewModel } from '../view-model';
import type { TrustStore } from './trust';
import { defaultPath, viewPath } from './view-path';

/**
 * Write a view that is in no file into one that the user names, and open it.
 *
 * @param ref Widget id of the tab beside which it opens.
 * @returns Whether it is saved.
 */
export async function saveView(
  model: IViewModel,
  trust: TrustStore,
  ref: string,
  services: IServices
): Promise<boolean> {
  const { app, docManager, trans } = services;
  const { contents } = app.serviceManager;
  const answer = await InputDialog.getText({
    title: trans.__('Save View As'),
    label: trans.__('Path, from the root of the file browser'),
    text: defaultPath(model.view),
    okLabel: trans.__('Save')
  });
  const path =
    answer.button.accept && answer.value ? viewPath(answer.value) : null;
  if (path === null) {
    return false;
  }
  const source = {
    paths: model.view.source.paths.map(item =>
      movedPath(item, model.path, path)
    )
  };
  try {
    if (!(await mayWrite(contents, path, services))) {
      return false;
    }
    await contents.save(path, {
      type: 'file',
      format: 'text',
      content: formatView({ ...model.view, source })
    });
  } catch (error) {
    await showErrorMessage(
      trans.__('The view was not saved'),
      trans.__('%1 cannot be written: %2', path, reasonOf(error))
    );
    return false;
  }
  // Whoever has seen the data here need not be asked again.
  trust.add(path, source);
  docManager.openOrReveal(path, VIEW_FACTORY, undefined, {
    mode: 'tab-after',
    ref
  });
  return true;
}

/** Whether there is no such file, or the user says that it may be overwritten. */
async function mayWrite(
  contents: Contents.IManager,
  path: string,
  { trans }: IServices
): Promise<boolean> {
  // The folder is asked, because asking for a file that is not there counts as an error.
  const at = path.lastIndexOf('/');
  const folder = await contents.get(path.slice(0, Math.max(0, at)), {
    content: true
  });
  const entries: unknown = folder.content;
  const name = path.slice(at + 1);
  if (
    !Array.isArray(entries) ||
    !entries.some(entry => isObject(entry) && entry.name === name)
  ) {
    return true;
  }
  const { button } = await showDialog({
    title: trans.__('Overwrite the view?'),
    body: trans.__('“%1” is there already. Its contents would be lost.', path),
    buttons: [
      Dialog.cancelButton(),
      Dialog.warnButton({ label: trans.__('Overwrite'), accept: true })
    ]
  });
  return button.accept;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
