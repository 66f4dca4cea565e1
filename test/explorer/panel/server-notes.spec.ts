import type { IServerInfo } from '../../../src/server/info';
import { serverNotes } from '../../../src/explorer/panel/server-notes';
import { VERSION } from '../../../src/version';
import { english } from '../../../src/workload/translator';

const INFO: IServerInfo = {
  version: VERSION,
  roots: [],
  environments: [],
  roles: null,
  site: { path: null, errors: [] },
  missing: [],
  voila: null
};

const notes = (change: Partial<IServerInfo>) =>
  serverNotes({ status: 'there', info: { ...INFO, ...change } }, english);

describe('serverNotes', () => {
  it('has nothing to say where all is well, or nothing is known', () => {
    expect(notes({})).toEqual([]);
    expect(serverNotes({ status: 'unknown' }, english)).toEqual([]);
  });

  it('says what does not work without a server half, and what helps', () => {
    const [note, ...others] = serverNotes({ status: 'missing' }, english);
    expect(others).toEqual([]);
    expect(note.isWarning).toBe(true);
    expect(note.text).toMatch(
      /does not have the server half.*data roots.*Install jupyterlab-workload-explorer/
    );
  });

  it('names both versions where they differ', () => {
    const [note] = notes({ version: '9.8.7' });
    expect(note.isWarning).toBe(true);
    expect(note.text).toContain(`is version 9.8.7, this panel is ${VERSION}:`);
  });

  it('says why a site file is left out', () => {
    const [note] = notes({
      site: { path: '/etc/site.json', errors: ['$: no', '$.a: wrong'] }
    });
    expect(note.isWarning).toBe(true);
    expect(note.text).toBe(
      'The site file “/etc/site.json” is left out, and with it all data roots: $: no; $.a: wrong'
    );
  });

  it('names extras that are not installed, not as a fault', () => {
    expect(
      notes({
        missing: [
          { name: 'gather', install: 'pip install x[gather]' },
          { name: 'runs', install: 'pip install x[runs]' }
        ]
      })
    ).toEqual([
      {
        isWarning: false,
        text: 'Not installed on this server: gather, runs. To install “gather”, for example: pip install x[gather]'
      }
    ]);
  });
});
