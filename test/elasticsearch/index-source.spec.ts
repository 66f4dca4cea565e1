import { openIndices } from '../../src/elasticsearch/index-source';
import { fakeServer } from './fakes';

describe('openIndices', () => {
  // More than one request tells apart.
  const COLUMNS = 1_100;
  const names = Array.from({ length: COLUMNS }, (_, i) => `c${i}`);
  const fields = Object.fromEntries(names.map(name => [name, 'keyword']));

  it('tells of ignored values of all columns, however many there are', async () => {
    const server = fakeServer(fields, [
      { c0: 'a', _ignored: ['c1', 'c250'] },
      { c0: 'b', _ignored: ['c250'] },
      { c0: 'c', _ignored: ['c1099'] },
      { c0: 'd' }
    ]);
    const { ignored } = await openIndices(server.client());
    expect(Object.fromEntries(ignored)).toEqual({ c1: 1, c250: 2, c1099: 1 });
  });

  it('asks about columns only where some value was ignored', async () => {
    const server = fakeServer(fields, [{ c0: 'a' }]);
    const { ignored } = await openIndices(server.client());
    expect(ignored.size).toBe(0);
    expect(JSON.stringify(server.bodies)).not.toContain('c250');
  });
});
