import {
  Dialog,
  InputDialog,
  showDialog,
  showErrorMessage
} from '@jupyterlab/apputils';
import { ServerConnection } from '@jupyterlab/services';
import type { Contents } from '@jupyterlab/services';

import type { IView } from '../../workload/view';
import { formatView } from '../../workload/view-format';
import { VIEW_FACTORY } from '../commands';
import { VIEW_EXTENSION } from '../file-types';
import type { IServices } from '../services';
import { baseName, movedPath, resolvePath, ROOT_PREFIX } from '../source-paths';
import type { IViewModel } from '../view-model';
import type { TrustStore } from './trust';

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
  try {
    await contents.get(path, { content: false });
  } catch (error) {
    if (
      error instanceof ServerConnection.ResponseError &&
      error.response.status === 404
    ) {
      return true;
    }
    throw error;
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

/** Where a view is saved unless the user says otherwise: beside its data where these are among JupyterLab's files, else in the root. */
export function defaultPath(view: IView): string {
  const [first] = view.source.paths;
  const path = first === undefined ? '' : resolvePath(first, null);
  const parts = path.split('/').filter(part => part !== '');
  const glob = parts.findIndex(part => /[*?[]/.test(part));
  const fixed = glob < 0 ? parts : parts.slice(0, glob);
  const name = baseName(fixed.at(-1) ?? '').replace(
    /\.(parquet|parq|pq)$/i,
    ''
  );
  const folder = path.startsWith(ROOT_PREFIX) ? [] : fixed.slice(0, -1);
  return [
    ...folder,
    `${name === '' ? 'untitled' : name}${VIEW_EXTENSION}`
  ].join('/');
}

/** A contents path with the ending of views; null where nothing is left of it. */
export function viewPath(typed: string): string | null {
  const path = typed.trim().replace(/^\/+/, '');
  if (path === '' || path.endsWith('/')) {
    return null;
  }
  return path.endsWith(VIEW_EXTENSION)
    ? path
    : path.replace(/(\.workload)?(\.json)?$/, VIEW_EXTENSION);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
