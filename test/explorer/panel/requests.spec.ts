import type { IRequestRecord } from '../../../src/engine/engine';
import {
  consoleCommand,
  consoleCommands
} from '../../../src/explorer/panel/requests';

function record(change: Partial<IRequestRecord>): IRequestRecord {
  return {
    method: 'POST',
    path: '/_search',
    body: '{"size":0}',
    purpose: 'quick look',
    startedAt: 0,
    milliseconds: 10,
    status: 200,
    bytes: 100,
    items: 5,
    ...change
  };
}

describe('requests', () => {
  it('are commands for a console', () => {
    expect(consoleCommand(record({}))).toBe('POST /_search\n{\n  "size": 0\n}');
    expect(consoleCommand(record({ method: 'DELETE', body: null }))).toBe(
      'DELETE /_search'
    );
    expect(consoleCommand(record({ body: '{"a":1}\n{"b":2}' }))).toBe(
      'POST /_search\n{"a":1}\n{"b":2}'
    );
    expect(
      consoleCommands([record({ body: null }), record({ purpose: 'page 2' })])
    ).toBe(
      '# quick look\nPOST /_search\n\n# page 2\nPOST /_search\n{\n  "size": 0\n}\n'
    );
  });
});
