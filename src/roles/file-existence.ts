import { PageConfig, PathExt } from '@jupyterlab/coreutils';
import type { Contents } from '@jupyterlab/services';

/**
 * Whether the files exist that a notebook's cells name, as far as the Jupyter server can tell.
 *
 * Folders are listed, from the notebook's own down, rather than files asked for: a missing file is what is expected here, and no error
 * that a browser should log. A kernel runs in the notebook's folder unless it is told otherwise.
 */
export class FileExistence {
  constructor(
    private readonly _contents: Contents.IManager,
    private readonly _notebook: () => string,
    private readonly _serverRoot: string = PageConfig.getOption('serverRoot')
  ) {}

  /** What is known, by the path that cells name. Paths that the server cannot tell of are missing. */
  get known(): ReadonlyMap<string, boolean> {
    return this._known;
  }

  /** Counts the changes of what is known: as long as it stays the same, so does that. */
  get version(): number {
    return this._version;
  }

  /**
   * Find out about paths that were not asked for yet. Who asks for what somebody else has asked for already waits for the same answer.
   *
   * @returns Whether something new was learned meanwhile.
   */
  async ask(paths: readonly string[]): Promise<boolean> {
    const before = this._version;
    let moves: number;
    do {
      moves = this._moves;
      for (const path of paths) {
        let answer = this._asked.get(path);
        if (!answer) {
          answer = this._find(path);
          this._asked.set(path, answer);
        }
        await answer;
      }
      // Answers for where the notebook was say nothing.
    } while (moves !== this._moves);
    return this._version !== before;
  }

  /** Files may have changed: ask anew when asked. What was known is told until then. */
  invalidate(): void {
    this._asked.clear();
    this._folders.clear();
  }

  /** The notebook has moved, so that nothing holds that was known. */
  reset(): void {
    this.invalidate();
    this._known.clear();
    this._answered.clear();
    this._moves += 1;
    this._version += 1;
  }

  /** Find out about a path. Never rejects. */
  private async _find(path: string): Promise<void> {
    const moves = this._moves;
    const question = ++this._questions;
    const exists = await this._exists(path);
    if (
      moves !== this._moves ||
      // One that was asked later was answered first.
      (this._answered.get(path) ?? 0) > question
    ) {
      return;
    }
    this._answered.set(path, question);
    if (exists !== undefined && this._known.get(path) !== exists) {
      this._known.set(path, exists);
      this._version += 1;
    }
  }

  private async _exists(path: string): Promise<boolean | undefined> {
    const place = this._place(path);
    if (place === undefined) {
      return undefined;
    }
    let folder = place.drive;
    for (const [i, name] of place.parts.entries()) {
      const entries = await this._list(folder);
      if (entries === null) {
        return undefined;
      }
      const isLast = i === place.parts.length - 1;
      const matching = matcher(name);
      const found = [...entries].filter(
        ([entry, type]) => matching(entry) && (isLast || type === 'directory')
      );
      if (found.length === 0) {
        return false;
      }
      if (isLast) {
        return true;
      }
      if (found.length > 1 || found[0][0] !== name) {
        // A pattern of folders is nothing worth many requests.
        return undefined;
      }
      folder = PathExt.join(folder, name);
    }
    return true;
  }

  /** Where a path lies below the server's root; undefined when it does not. */
  private _place(
    path: string
  ): { drive: string; parts: readonly string[] } | undefined {
    if (path.startsWith('~')) {
      // Some readers take it for the home folder, others as it stands.
      return undefined;
    }
    const drive = this._contents.driveName(this._notebook());
    const prefix = drive === '' ? '' : `${drive}:`;
    const root = this._serverRoot.replace(/\/$/, '');
    let below: string;
    if (path.startsWith('/')) {
      if (root === '' || !path.startsWith(`${root}/`)) {
        return undefined;
      }
      below = path.slice(root.length + 1);
    } else {
      const folder = PathExt.dirname(
        this._contents.localPath(this._notebook())
      );
      below = folder === '' ? path : `${folder}/${path}`;
    }
    const parts: string[] = [];
    for (const part of below.split('/')) {
      if (part === '..') {
        if (parts.pop() === undefined) {
          return undefined;
        }
      } else if (part !== '' && part !== '.') {
        parts.push(part);
      }
    }
    // A hidden file is there or not: the server does not say.
    return parts.some(part => part.startsWith('.'))
      ? undefined
      : { drive: prefix, parts };
  }

  /** Names and types of a folder's entries; null when it cannot be listed. */
  private _list(folder: string): Promise<ReadonlyMap<string, string> | null> {
    let listed = this._folders.get(folder);
    if (!listed) {
      listed = this._contents
        .get(folder, { content: true })
        .then(({ content }: { content: Contents.IModel[] }) =>
          Array.isArray(content)
            ? new Map(content.map(({ name, type }) => [name, type]))
            : null
        )
        .catch(() => null);
      this._folders.set(folder, listed);
    }
    return listed;
  }

  private readonly _known = new Map<string, boolean>();
  /** The latest questions, by path. */
  private readonly _asked = new Map<string, Promise<void>>();
  /** Numbers of the questions whose answers are known, by path. */
  private readonly _answered = new Map<string, number>();
  private readonly _folders = new Map<
    string,
    Promise<ReadonlyMap<string, string> | null>
  >();
  private _questions = 0;
  private _moves = 0;
  private _version = 0;
}

/** Whether a name fits one part of a path, which may hold `*` and `?`. */
function matcher(part: string): (name: string) => boolean {
  if (!/[*?]/.test(part)) {
    return name => name === part;
  }
  const pattern = part
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replace(/\?/g, '.');
  const whole = new RegExp(`^${pattern}$`);
  return name => whole.test(name);
}
