import { columnsOf } from '../../src/elasticsearch/fields';
import type { IIndexColumn, IIndexGroup } from '../../src/elasticsearch/fields';
import { groupsOf } from '../../src/elasticsearch/fields';
import { PointInTime } from '../../src/elasticsearch/point-in-time';
import type { ServerCall } from '../../src/elasticsearch/search-client';
import type { Form } from '../../src/engine/workload-index';
import type { IDocumentColumn } from '../../src/elasticsearch/documents';
import { FakeServer } from './fake-server';
import type { FakeDocument, IFakeField, IFakeIndex } from './fake-server';

/** Fields by type, short: `{username: 'keyword'}`. */
export type FakeFields = Readonly<Record<string, string | IFakeField>>;

export function fakeIndex(
  fields: FakeFields,
  documents: readonly FakeDocument[]
): IFakeIndex {
  return {
    fields: Object.fromEntries(
      Object.entries(fields).map(([name, field]) => [
        name,
        typeof field === 'string' ? { type: field } : field
      ])
    ),
    documents
  };
}

/** A server with one index. */
export function fakeServer(
  fields: FakeFields,
  documents: readonly FakeDocument[],
  { esql = true } = {}
): FakeServer {
  return new FakeServer({ records: fakeIndex(fields, documents) }, esql);
}

/** What a server has, ready to be asked. */
export async function opened(server: FakeServer): Promise<{
  point: PointInTime;
  indices: readonly string[];
  columns: ReadonlyMap<string, IIndexColumn>;
}> {
  const client = server.client();
  const capabilities = await client.fields();
  const point = await PointInTime.take(client);
  // What follows is what tests look at.
  server.calls.length = 0;
  return {
    point,
    indices: capabilities.indices,
    columns: columnsOf(capabilities).columns
  };
}

/** Columns to be fetched, each in one form. */
export function wanted(
  columns: ReadonlyMap<string, IIndexColumn>,
  forms: Readonly<Record<string, readonly Form[]>> = {}
): IDocumentColumn[] {
  return [...columns.values()].map(({ name, type, list }) => ({
    name,
    type,
    list,
    forms: forms[name] ?? ['codes']
  }));
}

/** All indices as one group. */
export function groupOf(
  columns: ReadonlyMap<string, IIndexColumn>
): IIndexGroup {
  return groupsOf([...columns.values()], [])[0];
}

/** The sentence of an error, for where it is what counts. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => {
      throw new Error('It did not fail.');
    },
    (error: unknown) => error
  );
}

/** A fault that holds some calls back until it is told otherwise. */
export function gate(server: FakeServer, holds: (call: ServerCall) => boolean) {
  const waiting: (() => void)[] = [];
  let open = false;
  server.fault = call =>
    open || !holds(call)
      ? null
      : new Promise(resolve => waiting.push(() => resolve(null)));
  return {
    waiting,
    release: () => {
      open = true;
      waiting.splice(0).forEach(go => go());
    }
  };
}

/** Wait until something has come about. */
export async function until(condition: () => boolean | Promise<boolean>) {
  while (!(await condition())) {
    await new Promise(resolve => setTimeout(resolve, 5));
  }
}
