import type { ServerHalf } from '../../server/info';
import { VERSION } from '../../version';
import type { ITranslator } from '../../workload/translator';

/** A sentence about the server half. */
export interface IServerNote {
  /** Something that was set up or installed does not work. */
  readonly isWarning: boolean;
  readonly text: string;
}

/** What this server lacks, for those who use it: missing or differing server half, broken site file, extras. */
export function serverNotes(
  half: ServerHalf,
  trans: ITranslator
): IServerNote[] {
  if (half.status === 'unknown') {
    return [];
  }
  if (half.status === 'missing') {
    return [
      warning(
        trans.__(
          'This server does not have the server half of Workload Explorer: data roots cannot be opened. Install jupyterlab-workload-explorer where the server runs.'
        )
      )
    ];
  }
  const { version, site, missing } = half.info;
  const notes: IServerNote[] = [];
  if (pythonVersion(version) !== pythonVersion(VERSION)) {
    notes.push(
      warning(
        trans.__(
          'The server half of Workload Explorer is version %1, this panel is %2: data roots may not work. Install the same version of both, then restart the server and reload this page.',
          version,
          VERSION
        )
      )
    );
  }
  if (site.errors.length > 0) {
    notes.push(
      warning(
        trans.__(
          'The site file “%1” is left out, and with it all data roots: %2',
          site.path ?? '',
          site.errors.join('; ')
        )
      )
    );
  }
  if (missing.length > 0) {
    notes.push({
      isWarning: false,
      text: trans.__(
        'Not installed on this server: %1. To install “%2”, for example: %3',
        missing.map(({ name }) => name).join(', '),
        missing[0].name,
        missing[0].install
      )
    });
  }
  return notes;
}

function warning(text: string): IServerNote {
  return { isWarning: true, text };
}

/** A version as Python writes it: `1.0.0-rc.1` of npm is its `1.0.0rc1`. */
function pythonVersion(version: string): string {
  return version.replace(
    /[-.]?(alpha|beta|a|b|rc)[-.]?(\d+)$/,
    (_, kind: string, n: string) => `${kind === 'rc' ? kind : kind[0]}${n}`
  );
}
