import { ElasticEngine } from '../../src/elasticsearch/elastic-engine';
import type { IElasticOptions } from '../../src/elasticsearch/elastic-engine';
import type { FakeDocument, FakeServer, FakeValue } from './fake-server';
import { fakeServer } from './fakes';
import type { FakeFields } from './fakes';
import type { TestTable, Value } from '../engine/tables';

const FIELD_TYPES = {
  text: 'keyword',
  number: 'integer',
  boolean: 'boolean',
  time: 'date'
} as const;

/** A server with a table's rows as documents. */
export function serverOf(
  table: TestTable,
  options: { esql?: boolean } = {}
): FakeServer {
  const columns = Object.entries(table);
  const fields: FakeFields = Object.fromEntries(
    columns.map(([name, { type }]) => [name, FIELD_TYPES[type]])
  );
  const rows = columns.at(0)?.[1].values.length ?? 0;
  const documents = Array.from({ length: rows }, (_, i): FakeDocument =>
    Object.fromEntries(
      columns.map(([name, { values }]) => [name, fakeValue(values[i])])
    )
  );
  return fakeServer(fields, documents, options);
}

function fakeValue(
  value: Value | readonly Value[]
): FakeValue | readonly FakeValue[] | null {
  return isList(value) ? value.filter(one => one !== null) : value;
}

function isList(value: Value | readonly Value[]): value is readonly Value[] {
  return Array.isArray(value);
}

/** An engine over all indices of a server. */
export function openEngine(
  server: FakeServer,
  options: Partial<IElasticOptions> = {}
): Promise<ElasticEngine> {
  return ElasticEngine.open(server.client(), {
    tool: 'workload-explorer 0.0.0',
    ...options
  });
}
