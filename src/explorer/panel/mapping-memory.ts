import type { IDatasetInfo } from '../../engine/engine';
import { isRole } from '../../workload/fields';
import type { Mapping, Role } from '../../workload/fields';
import { isObject, sameJson } from '../../workload/json';
import type { IView } from '../../workload/view';

/**
 * Mappings that the user has corrected, by connection and index, for new views of them; kept in the browser, apart for each Jupyter server.
 * A view keeps its own.
 */

const KEY = 'jupyterlab-workload-explorer:mappings';

/** Mappings remembered; the oldest is forgotten first. */
const LIMIT = 50;

/**
 * What the user has chosen for an index.
 *
 * @param path Source path of the index.
 * @param columns Columns that there are; a choice that names another one does not count.
 */
export function rememberedMapping(
  baseUrl: string,
  path: string,
  columns: IDatasetInfo['columns']
): Mapping {
  const names = new Set(columns.map(({ name }) => name));
  const mapping: Partial<Record<Role, readonly string[]>> = {};
  for (const [role, chosen] of Object.entries(read(baseUrl)[path] ?? {})) {
    if (
      isRole(role) &&
      isNames(chosen) &&
      chosen.every(one => names.has(one))
    ) {
      mapping[role] = chosen;
    }
  }
  return mapping;
}

/** Remember what the user has chosen; nothing chosen is forgotten. */
export function rememberMapping(
  baseUrl: string,
  path: string,
  mapping: Mapping
): void {
  const { [path]: _old, ...others } = read(baseUrl);
  const kept = Object.entries(others).slice(-LIMIT + 1);
  const all =
    Object.keys(mapping).length > 0 ? [...kept, [path, mapping]] : kept;
  try {
    localStorage.setItem(
      `${KEY}:${baseUrl}`,
      JSON.stringify(Object.fromEntries(all))
    );
  } catch {
    // Nothing depends on it.
  }
}

/** Notes when the user changes the mapping of an index that is open. */
export class MappingWatch {
  constructor(private readonly _baseUrl: string) {}

  /**
   * Look at the view after each change.
   *
   * @param path Source path of the index that is open; null for files, and while nothing is open.
   */
  look(path: string | null, { mapping }: IView): void {
    // What a view brings along was not chosen here.
    if (
      path !== null &&
      path === this._path &&
      !sameJson(mapping, this._mapping)
    ) {
      rememberMapping(this._baseUrl, path, mapping);
    }
    this._path = path;
    this._mapping = mapping;
  }

  private _path: string | null = null;
  private _mapping: Mapping = {};
}

function read(
  baseUrl: string
): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  try {
    const value: unknown = JSON.parse(
      localStorage.getItem(`${KEY}:${baseUrl}`) ?? '{}'
    );
    return Object.fromEntries(
      Object.entries(isObject(value) ? value : {}).flatMap(([path, mapping]) =>
        isObject(mapping) ? [[path, mapping]] : []
      )
    );
  } catch {
    // Storage may be blocked or hold something else: then nothing is remembered.
    return {};
  }
}

function isNames(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(one => typeof one === 'string');
}
