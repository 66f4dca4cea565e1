import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

/** Whether roles are seen where the user says nothing: where a notebook has any, in every Python notebook, or nowhere. */
export type ShowRoles = 'auto' | 'always' | 'never';

/** What role a new cell gets: its neighbor's, the one that the user chooses when asked, or none. */
export type NewCellRole = 'inherit' | 'ask' | 'none';

/** The user's settings that decide how roles behave. */
export interface IRolesSettings {
  readonly show: ShowRoles;
  readonly newCells: NewCellRole;
  /** Whether notebooks with roles are checked while the user types. */
  readonly checkWhileTyping: boolean;
  readonly changed: ISignal<IRolesSettings, void>;
}

const SHOW: readonly ShowRoles[] = ['auto', 'always', 'never'];
const NEW_CELLS: readonly NewCellRole[] = ['inherit', 'ask', 'none'];

/** The settings as the settings editor has them; the defaults until they are loaded, and where there is no registry. */
export class RolesSettings implements IRolesSettings {
  get show(): ShowRoles {
    return choice(SHOW, this._settings?.composite.show);
  }

  get newCells(): NewCellRole {
    return choice(NEW_CELLS, this._settings?.composite.newCells);
  }

  get checkWhileTyping(): boolean {
    return this._settings?.composite.checkWhileTyping !== false;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Follow settings from now on. */
  follow(settings: ISettingRegistry.ISettings): void {
    this._settings = settings;
    settings.changed.connect(() => this._changed.emit());
    this._changed.emit();
  }

  private _settings: ISettingRegistry.ISettings | null = null;
  private _changed = new Signal<this, void>(this);
}

/** The value if it is one of the choices, else the first, which is the default. */
function choice<T>(choices: readonly T[], value: unknown): T {
  return choices.find(each => each === value) ?? choices[0];
}
