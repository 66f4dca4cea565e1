const NOTEBOOK = '.ipynb';
const DASHBOARD = '.dashboard.ipynb';
const PREVIEW = '.preview.ipynb';

/** Where the dashboard of a notebook lies: `a/report.ipynb` has `a/report.dashboard.ipynb`. */
export function dashboardPath(notebook: string): string {
  return stemOf(notebook) + DASHBOARD;
}

/** Where the dashboard of a notebook lies while it is previewed: beside the notebook, because its cells name files from there. */
export function previewPath(notebook: string): string {
  return stemOf(notebook) + PREVIEW;
}

function stemOf(notebook: string): string {
  return notebook.endsWith(NOTEBOOK)
    ? notebook.slice(0, -NOTEBOOK.length)
    : notebook;
}

/**
 * The path of a file as another file names it: relative to the folder of that one.
 *
 * @param from The file that names it, with `/`; both paths are absolute, or relative to the same folder.
 */
export function relativePath(from: string, to: string): string {
  const folders = partsOf(from).slice(0, -1);
  const parts = partsOf(to);
  let same = 0;
  while (
    same < folders.length &&
    same < parts.length - 1 &&
    folders[same] === parts[same]
  ) {
    same++;
  }
  return [...folders.slice(same).map(() => '..'), ...parts.slice(same)].join(
    '/'
  );
}

/** The names that a path consists of, without `.` and doubled `/`. */
function partsOf(path: string): readonly string[] {
  return path.split('/').filter(part => part !== '' && part !== '.');
}
