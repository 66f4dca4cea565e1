import type { YNotebook } from '@jupyter/ydoc';
import type { CodeEditor } from '@jupyterlab/codeeditor';
import {
  CodeMirrorEditorFactory,
  CodeMirrorMimeTypeService,
  EditorExtensionRegistry,
  EditorLanguageRegistry,
  ybinding
} from '@jupyterlab/codemirror';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { Notebook, NotebookModel } from '@jupyterlab/notebook';
import {
  RenderMimeRegistry,
  standardRendererFactories
} from '@jupyterlab/rendermime';
import { Signal } from '@lumino/signaling';
import { Widget } from '@lumino/widgets';

import { RoleKeeper } from '../../src/roles/keep';
import type { IMerge } from '../../src/roles/keep-merge';
import { NotebookRoles } from '../../src/roles/notebook-roles';
import type { IRolesSettings } from '../../src/roles/settings';
import type { CellRole } from '../../src/workload/roles';

/** A cell of a test's notebook: its type, its tags, and its source (by default, some code). */
export interface ITestCell {
  readonly type?: 'code' | 'markdown' | 'raw';
  readonly tags?: readonly string[];
  readonly source?: string;
}

/** Settings that tests change. */
export class TestSettings implements IRolesSettings {
  show: IRolesSettings['show'] = 'auto';
  newCells: IRolesSettings['newCells'] = 'inherit';
  checkWhileTyping = true;
  readonly changed = new Signal<this, void>(this);
}

/** A notebook as JupyterLab has it, model and widget, with its roles kept; what users would be told is noted down. */
export class LiveNotebook {
  /**
   * @param documentWideUndo As by JupyterLab's setting of this name.
   */
  constructor(cells: readonly ITestCell[], documentWideUndo = false) {
    this.model = new NotebookModel({
      disableDocumentWideUndoRedo: !documentWideUndo
    });
    this.model.fromJSON({
      nbformat: 4,
      nbformat_minor: 5,
      metadata: {},
      cells: cells.map(({ type = 'code', tags, source }, index) => ({
        id: `cell-${index}`,
        cell_type: type,
        source: source ?? (type === 'code' ? `x = ${index}` : 'Text'),
        metadata: tags ? { tags: [...tags] } : {},
        ...(type === 'code' ? { outputs: [], execution_count: null } : {})
      }))
    });
    this.model.sharedModel.clearUndoHistory();
    this.notebook = new Notebook({
      rendermime: new RenderMimeRegistry({
        initialFactories: standardRendererFactories
      }),
      contentFactory: new Notebook.ContentFactory({
        editorFactory: options => {
          const editor = editors.newInlineEditor(options);
          this._editors.push(editor);
          return editor;
        }
      }),
      mimeTypeService: new CodeMirrorMimeTypeService(languages),
      notebookConfig: {
        ...Notebook.defaultNotebookConfig,
        windowingMode: 'none'
      }
    });
    this.notebook.model = this.model;
    Widget.attach(this.notebook, document.body);
    this.notebook.activeCellIndex = 0;
    this.roles = new NotebookRoles({
      panel: fakePanel(this.notebook, this.model),
      settings: this.settings
    });
    this.keeper = new RoleKeeper({
      roles: this.roles,
      settings: this.settings,
      isInCharge: () => this.isInCharge,
      ask: (cells, suggested) => this.asked.push({ cells, suggested }),
      warnOfMerge: merge => this.merges.push(merge)
    });
  }

  readonly settings = new TestSettings();
  readonly model: NotebookModel;
  readonly notebook: Notebook;
  readonly roles: NotebookRoles;
  readonly keeper: RoleKeeper;
  readonly asked: { cells: readonly string[]; suggested: string | null }[] = [];
  readonly merges: IMerge[] = [];
  isInCharge = true;

  get shared(): YNotebook {
    // The only implementation that JupyterLab has.
    return this.model.sharedModel as YNotebook;
  }

  /** Roles of the code cells, in order; null for other cells. */
  get shown(): (CellRole | null)[] {
    return this.roles.cells.map(({ type, role }) =>
      type === 'code' ? role : null
    );
  }

  /** The tags of all cells, in order, as they would be saved. */
  get tags(): unknown[] {
    return this.model.toJSON().cells.map(({ metadata }) => metadata.tags);
  }

  get sources(): string[] {
    return this.shared.cells.map(cell => cell.getSource());
  }

  get ids(): string[] {
    return this.shared.cells.map(cell => cell.getId());
  }

  /** Make a cell the active one, and select others with it. */
  select(active: number, ...others: number[]): void {
    this.notebook.deselectAll();
    this.notebook.activeCellIndex = active;
    others.forEach(index => this.notebook.select(this.notebook.widgets[index]));
  }

  dispose(): void {
    this.keeper.dispose();
    this.roles.dispose();
    this.notebook.dispose();
    this.model.dispose();
    // Some have been put off, and would stay: thousands of notebooks do not fit into memory.
    this._editors.forEach(editor => editor.dispose());
  }

  private readonly _editors: CodeEditor.IEditor[] = [];
}

const languages = new EditorLanguageRegistry();
const extensions = new EditorExtensionRegistry();
extensions.addExtension({
  name: 'binding',
  factory: ({ model }) => {
    const { sharedModel } = model as unknown as {
      sharedModel: { ysource: Parameters<typeof ybinding>[0]['ytext'] };
    };
    return EditorExtensionRegistry.createImmutableExtension(
      ybinding({ ytext: sharedModel.ysource })
    );
  }
});
const editors = new CodeMirrorEditorFactory({ languages, extensions });

/** As much of a panel as roles look at; a real one needs a document manager and a server. */
function fakePanel(content: Notebook, model: NotebookModel): NotebookPanel {
  const panel = {
    content,
    model,
    context: { model },
    isDisposed: false,
    disposed: new Signal({})
  };
  return panel as unknown as NotebookPanel;
}

// What jsdom has not, and what it and Yjs warn of: JupyterLab reads cells before they are in a document.
Element.prototype.scrollTo = () => undefined;
Range.prototype.getClientRects = () =>
  document.createElement('div').getClientRects();
Range.prototype.getBoundingClientRect = () => new DOMRect();
beforeAll(() => {
  jest.spyOn(console, 'warn').mockImplementation(() => undefined);
});

/** Opens live notebooks that are closed again after each test. */
export function liveNotebooks(): (cells: readonly ITestCell[]) => LiveNotebook {
  const opened: LiveNotebook[] = [];
  afterEach(() => {
    opened.splice(0).forEach(live => live.dispose());
  });
  return cells => {
    const live = new LiveNotebook(cells);
    opened.push(live);
    return live;
  };
}
