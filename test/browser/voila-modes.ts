/**
 * The ways in which Voilà is started that `voila-modes.spec.ts` goes through.
 */

/** A start mode: what stands on the command line, in the folder and in the configuration folder. */
export interface IMode {
  readonly title: string;
  readonly args?: readonly string[];
  /** Files in the folder that is served, and where Voilà is started, by name. */
  readonly files?: Readonly<Record<string, string>>;
  /** Files in Jupyter’s configuration folder. */
  readonly config?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Inside a JupyterLab, as its preview. */
  readonly lab?: boolean;
  readonly progressive?: boolean;
}

/** A mode without us. */
export interface IBareMode extends IMode {
  /** Whether the upstream cell runs. */
  readonly runs: boolean;
}

const LIST = JSON.stringify({
  TagRemovePreprocessor: { remove_cell_tags: ['upstream'] }
});
const PROGRESSIVE = '--VoilaConfiguration.progressive_rendering=True';
const TEMPLATE = '--VoilaConfiguration.template=workload-explorer';
const TAG = '--TagRemovePreprocessor.remove_cell_tags';

/** A hook of a site: it leaves a file, and puts a cell at the end that must not run. */
export const OTHERS_HOOK = `
import nbformat

def hook(handler, notebook=None, cwd=None):
    open("ran-hook", "w").close()
    added = nbformat.v4.new_code_cell("open('ran-up-added', 'w').close()", metadata={"tags": ["upstream"]})
    notebook.cells.append(added)

c = get_config()
c.VoilaConfiguration.prelaunch_hook = hook
`;

/** Modes without us, and what the upstream cell does in each. */
export const BARE: readonly IBareMode[] = [
  { title: 'as it is', runs: true },
  { title: 'the tag as a set', args: [`${TAG}={"upstream"}`], runs: true },
  { title: 'the tag as a list', args: [`${TAG}=['upstream']`], runs: true },
  { title: 'the tag as a word', args: [`${TAG}=upstream`], runs: false },
  { title: 'a list in voila.json', files: { 'voila.json': LIST }, runs: false },
  {
    title: 'outputs removed by the tag',
    args: ['--TagRemovePreprocessor.remove_all_outputs_tags=upstream'],
    runs: true
  },
  {
    title: 'the tag as a word, rendered progressively',
    args: [`${TAG}=upstream`, PROGRESSIVE],
    progressive: true,
    runs: true
  },
  {
    title: 'the tag as a word, preheated',
    args: [`${TAG}=upstream`, '--preheat_kernel=True'],
    runs: false
  },
  {
    title: 'the tag as a word, preheated, by the template of published pages',
    args: [`${TAG}=upstream`, '--preheat_kernel=True', TEMPLATE],
    runs: false
  },
  {
    title: 'the preview of JupyterLab, a list in voila.json',
    files: { 'voila.json': LIST },
    lab: true,
    runs: true
  },
  {
    title: 'the preview of JupyterLab, a list in jupyter_server_config.json',
    files: { 'jupyter_server_config.json': LIST },
    lab: true,
    runs: true
  }
];

/** Modes with us; those of standalone Voilà have the hook installed. */
export const GUARDED: readonly IMode[] = [
  ...BARE.filter(mode => !mode.args?.includes('--preheat_kernel=True')),
  {
    title: 'rendered progressively',
    args: [PROGRESSIVE],
    progressive: true
  },
  { title: 'a hook in voila.py', files: { 'voila.py': OTHERS_HOOK } },
  {
    title: 'no hook in voila.py',
    files: { 'voila.py': 'c.VoilaConfiguration.prelaunch_hook = None' }
  },
  { title: 'the preview of JupyterLab', lab: true },
  {
    title: 'the preview of JupyterLab, rendered progressively',
    args: [PROGRESSIVE],
    lab: true,
    progressive: true
  },
  {
    title: 'our preview, by the template of published pages',
    args: [TEMPLATE],
    lab: true
  },
  {
    title: 'our preview, rendered progressively',
    args: [TEMPLATE, PROGRESSIVE],
    lab: true,
    progressive: true
  },
  {
    title: 'the preview of JupyterLab, a hook in voila.py',
    config: { 'voila.py': OTHERS_HOOK },
    lab: true
  },
  {
    title: 'the preview of JupyterLab, a hook in voila.py, progressively',
    args: [PROGRESSIVE],
    config: { 'voila.py': OTHERS_HOOK },
    lab: true,
    progressive: true
  },
  {
    title: 'the preview of JupyterLab, no hook in voila.py',
    config: { 'voila.py': 'c.VoilaConfiguration.prelaunch_hook = None' },
    lab: true
  },
  {
    title: 'the preview of JupyterLab, a hook in the server’s configuration',
    config: { 'jupyter_server_config.py': OTHERS_HOOK },
    lab: true
  },
  {
    title: 'the preview of JupyterLab, preheated',
    args: ['--VoilaConfiguration.preheat_kernel=True'],
    lab: true
  }
];

/** Modes of the server that a JupyterHub starts. */
export const HUB: readonly IMode[] = [
  { title: 'a server of JupyterHub' },
  {
    title: 'a server of JupyterHub, rendered progressively',
    config: {
      'jupyter_server_config.json': JSON.stringify({
        VoilaConfiguration: { progressive_rendering: true }
      })
    },
    progressive: true
  }
];
