import { MOST_KEPT, RequestLog } from '../../src/elasticsearch/request-log';

const SEARCH = { method: 'POST', path: '/_search', body: null } as const;

function send(log: RequestLog, purpose = 'quick look') {
  return log.begin({ ...SEARCH, purpose });
}

describe('RequestLog', () => {
  it('tells what all requests amount to that ran side by side', () => {
    const log = new RequestLog();
    expect(log.sum.milliseconds).toBe(0);
    for (const [startedAt, milliseconds, bytes, status] of [
      [100, 50, 100, 200],
      [120, 100, 7, 200],
      [130, 5, 100, 429],
      [130, 5, 0, 0]
    ]) {
      const record = Object.assign(send(log), { startedAt, bytes, status });
      log.end(record, milliseconds);
    }
    send(log);
    expect(log.sum).toEqual({
      requests: 5,
      waiting: 1,
      failed: 2,
      bytes: 207,
      milliseconds: 120
    });
  });

  it('counts all, of which it keeps the latest ones, and says how many were before', () => {
    const log = new RequestLog();
    const sent = MOST_KEPT + 20;
    for (let i = 0; i < sent; i++) {
      const record = send(log, `request ${i}`);
      record.bytes = 20;
      log.end(record, 1);
    }
    const all = log.copy();
    expect(all.sum).toMatchObject({ requests: sent, bytes: 20 * sent });
    expect(all.records).toHaveLength(MOST_KEPT);
    expect(all.records[0].purpose).toBe(`request ${all.first}`);
    const some = log.copy(300);
    expect(some.records).toHaveLength(300);
    expect(some.records[0].purpose).toBe(`request ${some.first}`);
    expect(some.sum).toEqual(all.sum);
  });

  it('gives copies that do not change', () => {
    const log = new RequestLog();
    const record = send(log);
    const before = log.copy();
    log.end(record, 5);
    expect(before.records[0].milliseconds).toBeNull();
    expect(log.copy().records[0].milliseconds).toBe(5);
  });
});
