import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { YFile } from '@jupyter/ydoc';
import { StateDB } from '@jupyterlab/statedb';

import { TextViewModel } from '../../../src/explorer/document/text-view-model';
import { TrustStore } from '../../../src/explorer/document/trust';
import { english } from '../../../src/workload/translator';
import { newView } from '../../../src/workload/view';
import type { IView } from '../../../src/workload/view';
import { formatView } from '../../../src/workload/view-format';

const PATH = 'folder/a.workload.json';

function fixture(version: number): string {
  const file = join(
    __dirname,
    `../../fixtures/views/version-${version}.workload.json`
  );
  return readFileSync(file, 'utf8');
}

interface IOptions {
  readonly path?: string | null;
  readonly isWritable?: boolean;
  readonly trust?: TrustStore;
}

const opened: YFile[] = [];

afterEach(() => {
  opened.splice(0).forEach(file => file.dispose());
});

/** A document with a text, as it is after it has been loaded. */
async function open(text: string, options: IOptions = {}) {
  const file = YFile.create();
  opened.push(file);
  file.setSource(text);
  file.clearUndoHistory();
  file.dirty = false;
  const trust = options.trust ?? (await TrustStore.load(null));
  const model = new TextViewModel({
    sharedModel: file,
    trans: english,
    path: PATH,
    isWritable: true,
    ...options,
    trust
  });
  const emitted = jest.fn();
  model.changed.connect(emitted);
  return { file, model, emitted };
}

const start = newView({ paths: ['records.parquet'] });
const setZone =
  (zone: string) =>
  (view: IView): IView => ({ ...view, zone });

describe('TextViewModel', () => {
  it('writes changes into the text, and says so', async () => {
    const { file, model, emitted } = await open(formatView(start));
    expect(model).toMatchObject({
      view: start,
      problem: null,
      readOnly: false,
      canUndo: false
    });
    model.update(setZone('Asia/Tokyo'));
    expect(file.getSource()).toBe(formatView({ ...start, zone: 'Asia/Tokyo' }));
    expect(file.dirty).toBe(true);
    expect(model.view.zone).toBe('Asia/Tokyo');
    expect(emitted).toHaveBeenCalled();
  });

  it('keeps the parts that did not change', async () => {
    const { file, model } = await open(formatView(start));
    const before = model.view;
    const at = file.getSource().indexOf('"UTC"');
    file.updateSource(at, at + 5, '"Asia/Tokyo"');
    expect(model.view.zone).toBe('Asia/Tokyo');
    expect(model.view.board).toBe(before.board);
    expect(model.view.source).toBe(before.source);
    const wanted = { ...model.view, zone: 'UTC' };
    model.update(() => wanted);
    expect(model.view).toBe(wanted);
  });

  it('does nothing, and dirties nothing, when nothing changes', async () => {
    const { file, model, emitted } = await open(formatView(start));
    model.update(view => structuredClone(view));
    expect(file.dirty).toBe(false);
    expect(model.canUndo).toBe(false);
    expect(emitted).not.toHaveBeenCalled();
  });

  it('refuses what is no view', async () => {
    const { file, model } = await open(formatView(start));
    expect(() => model.update(setZone(''))).toThrow('Not a view: zone');
    expect(file.getSource()).toBe(formatView(start));
  });

  it('undoes and redoes step by step', async () => {
    const { file, model } = await open(formatView(start));
    for (const zone of ['Asia/Tokyo', 'Europe/Berlin', 'America/Lima']) {
      model.update(setZone(zone));
    }
    model.undo();
    expect(model.view.zone).toBe('Europe/Berlin');
    model.undo();
    model.undo();
    expect(model).toMatchObject({ view: start, canUndo: false, canRedo: true });
    expect(file.getSource()).toBe(formatView(start));
    model.undo();
    model.redo();
    expect(model.view.zone).toBe('Asia/Tokyo');
    model.update(setZone('Asia/Seoul'));
    expect(model.canRedo).toBe(false);
  });

  it('merges typing into one step', async () => {
    const { model } = await open(formatView(start));
    model.update(setZone('Asia/Tokyo'));
    for (const zone of ['Etc/GMT', 'Etc/GMT+1', 'Etc/GMT+12']) {
      model.update(setZone(zone), { merge: 'zone' });
    }
    model.update(setZone('Etc/UTC'), { merge: 'other' });
    model.undo();
    expect(model.view.zone).toBe('Etc/GMT+12');
    model.undo();
    expect(model.view.zone).toBe('Asia/Tokyo');
  });

  it('tells listeners of history after it has changed', async () => {
    const { model } = await open(formatView(start));
    let canUndo: boolean | null = null;
    model.changed.connect(() => {
      canUndo = model.canUndo;
    });
    model.update(setZone('Asia/Tokyo'));
    expect(canUndo).toBe(true);
    model.undo();
    expect(canUndo).toBe(false);
  });

  it('migrates an older version without touching the file until it is changed', async () => {
    const { file, model } = await open(fixture(0));
    expect(model).toMatchObject({ problem: null, readOnly: false });
    expect(model.view.version).toBe(1);
    expect(file.getSource()).toBe(fixture(0));
    expect(file.dirty).toBe(false);
    model.update(setZone('Asia/Tokyo'));
    const written = JSON.parse(file.getSource()) as Record<string, unknown>;
    expect(written).toMatchObject({
      version: 1,
      zone: 'Asia/Tokyo',
      owner: 'data group'
    });
    expect(written).not.toHaveProperty('charts');
    expect(file.getSource()).toContain('"note": "asked for by the group"');
    expect(file.getSource()).toBe(formatView(written));
    model.undo();
    expect(file.getSource()).toBe(fixture(0));
  });

  it('opens a newer version read-only', async () => {
    const { file, model } = await open(fixture(2));
    expect(model.readOnly).toBe(true);
    expect(model.problem).toContain('newer version');
    expect(model.view.board).toHaveLength(1);
    model.update(setZone('Asia/Tokyo'));
    expect(file.getSource()).toBe(fixture(2));
    expect(model.view.zone).toBe('UTC');
  });

  it('shows the last valid view while the text is broken', async () => {
    const { file, model } = await open(formatView(start));
    file.updateSource(0, 1, '');
    expect(model.problem).toBe(
      'This file is not valid JSON: line 2, column 12: this does not belong here.'
    );
    expect(model).toMatchObject({ readOnly: true, view: start });
    expect(model.canUndo).toBe(true);
    model.undo();
    expect(model).toMatchObject({ readOnly: false, problem: null });
  });

  it('shows an empty view where there never was a valid one', async () => {
    const { model } = await open('nonsense');
    expect(model.view).toMatchObject({ source: { paths: [] }, board: [] });
    expect(model.readOnly).toBe(true);
  });

  it('takes UTC for a time zone that nobody knows, and says so', async () => {
    const text = formatView({ ...start, zone: 'Mars/Phobos' });
    const { file, model } = await open(text);
    expect(model.problem).toContain('its zone “Mars/Phobos” is no time zone');
    expect(model).toMatchObject({ readOnly: true, view: { zone: 'UTC' } });
    const at = text.indexOf('Mars/Phobos');
    file.updateSource(at, at + 'Mars/Phobos'.length, 'Asia/Tokyo');
    expect(model).toMatchObject({
      problem: null,
      readOnly: false,
      view: { zone: 'Asia/Tokyo' }
    });
  });

  it('writes an empty file anew', async () => {
    const { file, model } = await open('');
    expect(model).toMatchObject({
      problem: null,
      view: newView({ paths: [] })
    });
    model.update(view => ({ ...view, source: { paths: ['a'] } }));
    expect(file.getSource()).toBe(formatView(newView({ paths: ['a'] })));
  });

  it('changes nothing in a file that cannot be written', async () => {
    const { file, model } = await open(formatView(start), {
      isWritable: false
    });
    expect(model.readOnly).toBe(true);
    model.update(setZone('Asia/Tokyo'));
    expect(file.getSource()).toBe(formatView(start));
    model.isWritable = true;
    expect(model.readOnly).toBe(false);
  });

  it('lets go of the document when it is disposed', async () => {
    const { file, model, emitted } = await open(formatView(start));
    model.dispose();
    model.dispose();
    file.setSource('');
    expect(emitted).not.toHaveBeenCalled();
    expect(file.isDisposed).toBe(false);
  });
});

describe('trust', () => {
  const outside = formatView(newView({ paths: ['/other/records.parquet'] }));

  it('is given to a source in the folder of the document', async () => {
    expect((await open(formatView(start))).model.trusted).toBe(true);
  });

  it('must be given to any other, and is remembered for this document and source', async () => {
    const state = new StateDB();
    const first = await open(outside, { trust: await TrustStore.load(state) });
    expect(first.model.trusted).toBe(false);
    first.model.trust();
    expect(first.emitted).toHaveBeenCalledTimes(1);
    expect(first.model.trusted).toBe(true);
    expect(first.file.getSource()).toBe(outside);

    const trust = await TrustStore.load(state);
    expect((await open(outside, { trust })).model.trusted).toBe(true);
    const elsewhere = await open(outside, {
      trust,
      path: 'folder/b.workload.json'
    });
    expect(elsewhere.model.trusted).toBe(false);
    const other = outside.replace('records', 'secrets');
    expect((await open(other, { trust })).model.trusted).toBe(false);
  });

  it('ends when somebody else changes the source', async () => {
    const { file, model } = await open(outside);
    model.trust();
    const at = file.getSource().indexOf('records');
    file.updateSource(at, at + 7, 'secrets');
    expect(model.view.source.paths).toEqual(['/other/secrets.parquet']);
    expect(model.trusted).toBe(false);
  });

  it('comes with a source that is chosen here, and stays when the document moves', async () => {
    const { model } = await open(formatView(start));
    model.update(view => ({
      ...view,
      source: { paths: ['/other/x.parquet'] }
    }));
    expect(model.trusted).toBe(true);
    model.path = 'elsewhere/b.workload.json';
    expect(model).toMatchObject({
      trusted: true,
      path: 'elsewhere/b.workload.json'
    });
  });

  it('is not needed for a view that is in no file', async () => {
    expect((await open(outside, { path: null })).model.trusted).toBe(true);
  });

  it('survives a state data base that holds something else', async () => {
    const state = new StateDB();
    await state.save('jupyterlab-workload-explorer:trust', {
      sources: [1, null]
    });
    const trust = await TrustStore.load(state);
    expect(trust.has(PATH, { paths: ['a'] })).toBe(false);
  });
});
