import { ContentsManager, ServerConnection } from '@jupyterlab/services';
import { nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';

import type { IPanelContext } from '../../../src/explorer/panel/context';
import { createFormat } from '../../../src/explorer/panel/format';
import { Session } from '../../../src/explorer/panel/session';
import { UiStore } from '../../../src/explorer/panel/ui-store';
import { english } from '../../../src/workload/translator';
import { FakeEngine, FakeModel } from './fakes';

// jsdom has none of these, which settings of a server name.
Object.assign(globalThis, {
  fetch: async () => {
    throw new Error('A fake panel has no server.');
  },
  Headers: class {},
  Request: class {}
});

/** What parts of a panel use, around an engine whose answers a test gives. Nothing reaches a server. */
export function fakePanel(engine = new FakeEngine()): IPanelContext {
  const model = new FakeModel();
  return {
    model,
    session: new Session({
      model,
      trans: english,
      resolve: paths => paths,
      open: async () => ({ engine, leftOut: 0 }),
      transform: async (_code, table) => table,
      after: () => () => undefined
    }),
    ui: new UiStore(),
    format: createFormat(),
    trans: nullTranslator.load(''),
    contents: new ContentsManager(),
    serverSettings: ServerConnection.makeSettings(),
    commands: new CommandRegistry(),
    themeManager: null,
    editorServices: null,
    openPath: () => undefined
  };
}
