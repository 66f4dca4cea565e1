import { type Page, expect } from '@playwright/test';

import { isObject } from '../../src/workload/json';
import { type IServerAddress, ask } from '../services/elasticsearch.mjs';

/** Makes a user who may read some indices, and nothing else. */
export async function createReader(
  server: IServerAddress,
  user: string,
  password: string,
  indices: string
): Promise<void> {
  await ask(server, 'PUT', `/_security/role/${user}`, {
    indices: [{ names: [indices], privileges: ['read'] }]
  });
  await ask(server, 'PUT', `/_security/user/${user}`, {
    password,
    roles: [user]
  });
}

/** Searches that run now, as an administrator sees them. */
export async function searches(server: IServerAddress): Promise<number> {
  const { nodes } = objectOf(
    await ask(server, 'GET', '/_tasks?actions=*search*')
  );
  return Object.values(objectOf(nodes)).reduce<number>(
    (sum, node) => sum + Object.keys(objectOf(objectOf(node).tasks)).length,
    0
  );
}

/** Contexts of searches that are kept open, as those of points in time. */
export async function contexts(server: IServerAddress): Promise<number> {
  const { nodes } = objectOf(
    await ask(server, 'GET', '/_nodes/stats/indices/search')
  );
  return Object.values(objectOf(nodes)).reduce<number>((sum, node) => {
    const search = objectOf(objectOf(objectOf(node).indices).search);
    return sum + Number(search.open_contexts);
  }, 0);
}

/**
 * Every document falls into each of 90,000 buckets, which takes minutes where nobody ends it; in the place of what the page asks.
 *
 * @returns what lets the page ask its own questions again
 */
export async function slowDown(page: Page): Promise<() => Promise<void>> {
  const filters = Object.fromEntries(
    Array.from({ length: 300 }, (_, i) => [`${i}`, { match_all: {} }])
  );
  const inner = { filters: { filters } };
  const pattern = '**/elasticsearch/*/search';
  await page.route(pattern, async route => {
    const body: unknown = route.request().postDataJSON();
    if (isObject(body) && JSON.stringify(body).includes('"composite"')) {
      await route
        .continue({
          postData: {
            size: 0,
            pit: body.pit,
            aggs: { outer: { ...inner, aggs: { inner } } }
          }
        })
        // What was called off meanwhile goes nowhere.
        .catch(() => undefined);
    } else {
      await route.continue().catch(() => undefined);
    }
  });
  return () => page.unroute(pattern);
}

function objectOf(value: unknown): Record<string, unknown> {
  expect(isObject(value)).toBe(true);
  return isObject(value) ? value : {};
}
