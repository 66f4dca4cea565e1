import type { Contents } from '@jupyterlab/services';
import { ServerConnection } from '@jupyterlab/services';

import { listDataset } from '../../../src/engine/listing';
import { english } from '../../../src/workload/translator';
import { contentsLister } from '../../../src/explorer/panel/contents-lister';
import { rootLister } from '../../../src/explorer/panel/root-lister';
import { serverHalf, serverInfo } from '../../../src/server/info';

function model(
  path: string,
  content: Contents.IModel[] | null = null
): Contents.IModel {
  const isFolder = !path.endsWith('.parquet');
  return {
    name: path.split('/').pop() ?? '',
    path,
    type: isFolder ? 'directory' : 'file',
    size: isFolder ? undefined : 12,
    last_modified: '2021-06-01T00:00:00Z',
    created: '',
    writable: true,
    mimetype: '',
    format: null,
    content
  };
}

/** A contents manager of one folder; a path that is not there fails as JupyterLab's drive does. */
function fakeContents(status = 404): Contents.IManager {
  const get = (path: string, options?: Contents.IFetchOptions) => {
    if (path === 'data') {
      return Promise.resolve(
        model(
          'data',
          options?.content ? [model('data/a.parquet'), model('data/sub')] : null
        )
      );
    }
    if (path === 'data/a.parquet') {
      return Promise.resolve(model(path));
    }
    if (path === 'data/sub') {
      return Promise.resolve(model(path, []));
    }
    return Promise.reject(
      new ServerConnection.ResponseError(new Response(null, { status }), 'no')
    );
  };
  const partial: Pick<Contents.IManager, 'get' | 'getDownloadUrl'> = {
    get,
    getDownloadUrl: path => Promise.resolve(`http://host/files/${path}?_xsrf=1`)
  };
  return partial as Contents.IManager;
}

describe('contentsLister', () => {
  it('finds the files of a folder with their size, time and address', async () => {
    const files = await listDataset(
      ['data'],
      contentsLister(fakeContents(), english)
    );
    expect(files).toEqual([
      {
        path: 'data/a.parquet',
        location: 'http://host/files/data/a.parquet?_xsrf=1',
        size: 12,
        modified: '2021-06-01T00:00:00Z',
        partitions: {}
      }
    ]);
  });

  it('finds nothing where there is nothing', async () => {
    await expect(
      contentsLister(fakeContents(), english).stat('x.parquet')
    ).resolves.toBeNull();
  });

  it.each([
    [403, 'denied'],
    [503, 'unreachable']
  ])('says what status %i means', async (status, code) => {
    await expect(
      contentsLister(fakeContents(status), english).stat('x.parquet')
    ).rejects.toMatchObject({ name: 'EngineError', code });
  });
});

/** Settings whose requests are answered by path. */
function settings(
  answers: Record<string, { status: number; body?: unknown }>
): ServerConnection.ISettings {
  return ServerConnection.makeSettings({
    baseUrl: 'http://host/user/ada/',
    fetch: input => {
      const url = new URL(input instanceof Request ? input.url : String(input));
      const answer = answers[url.pathname] ?? { status: 404 };
      return Promise.resolve(
        new Response(JSON.stringify(answer.body ?? {}), {
          status: answer.status
        })
      );
    }
  });
}

const INFO = '/user/ada/workload-explorer/info';

describe('rootLister', () => {
  it('lists a data root under any base URL', async () => {
    const lister = rootLister(
      settings({
        '/user/ada/workload-explorer/list/shared/2021': {
          status: 200,
          body: {
            type: 'directory',
            entries: [
              {
                name: 'a b.parquet',
                type: 'file',
                size: 5,
                last_modified: '2021-06-01T00:00:00Z'
              }
            ]
          }
        }
      }),
      english
    );
    const files = await listDataset(['root:shared/2021/'], lister);
    expect(files).toEqual([
      {
        path: 'root:shared/2021/a b.parquet',
        location:
          'http://host/user/ada/workload-explorer/data/shared/2021/a%20b.parquet',
        size: 5,
        modified: '2021-06-01T00:00:00Z',
        partitions: {}
      }
    ]);
  });

  it('tells of what the server does not show', async () => {
    const leftOut = jest.fn();
    const lister = rootLister(
      settings({
        '/user/ada/workload-explorer/list/shared/2021': {
          status: 200,
          body: {
            type: 'directory',
            entries: [{ name: 'a.parquet', type: 'file', size: 5 }],
            left_out: 3
          }
        }
      }),
      english,
      leftOut
    );
    await listDataset(['root:shared/2021/'], lister);
    expect(leftOut.mock.calls).toEqual([['root:shared/2021', 3]]);
  });

  it('tells a missing file from a missing server half', async () => {
    const here = settings({ [INFO]: { status: 200, body: { version: '1' } } });
    await expect(
      rootLister(here, english).stat('root:shared/x')
    ).resolves.toBeNull();
    await expect(
      rootLister(settings({}), english).stat('root:shared/x')
    ).rejects.toMatchObject({
      code: 'denied',
      message: expect.stringContaining('server half')
    });
    const down = settings({ [INFO]: { status: 503 } });
    await expect(
      rootLister(down, english).stat('root:shared/x')
    ).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('does not take a part of a folder for the folder', async () => {
    const lister = rootLister(
      settings({
        '/user/ada/workload-explorer/list/shared/big': {
          status: 200,
          body: {
            type: 'directory',
            entries: [{ name: 'a.parquet', type: 'file', size: 5 }],
            truncated: true
          }
        }
      }),
      english
    );
    await expect(lister.stat('root:shared/big')).resolves.toMatchObject({
      type: 'directory'
    });
    await expect(listDataset(['root:shared/big'], lister)).rejects.toThrow(
      '“root:shared/big” holds more than 100000 entries'
    );
  });
});

describe('serverHalf', () => {
  const about = (body: unknown, status = 200) =>
    serverHalf(settings({ [INFO]: { status, body } }));

  it('reads what the server half says', async () => {
    const half = await about({
      version: '1.2',
      data_roots: [{ name: 'shared', available: false }, 7],
      site: { path: '/etc/site.json', errors: ['not JSON', 7] },
      extras: {
        runs: { available: false, missing: ['papermill'], install: 'get runs' },
        gather: { available: true, missing: [], install: 'get gather' }
      },
      voila: {
        installed: true,
        guarded: false,
        why: 'its own hook',
        template: 'page'
      }
    });
    expect(half).toEqual({
      status: 'there',
      info: {
        version: '1.2',
        roots: [{ name: 'shared', description: '', available: false }],
        site: { path: '/etc/site.json', errors: ['not JSON'] },
        missing: [{ name: 'runs', install: 'get runs' }],
        voila: {
          installed: true,
          guarded: false,
          why: 'its own hook',
          template: 'page'
        }
      }
    });
  });

  it('reads one that says less', async () => {
    await expect(about({ version: '0.1' })).resolves.toEqual({
      status: 'there',
      info: {
        version: '0.1',
        roots: [],
        site: { path: null, errors: [] },
        missing: [],
        voila: null
      }
    });
  });

  it.each([
    [404, 'missing'],
    [503, 'unknown'],
    [403, 'unknown'],
    // A page of somebody else.
    [200, 'unknown']
  ])('of status %i without a version is %s', async (status, expected) => {
    await expect(about({}, status)).resolves.toEqual({ status: expected });
    await expect(
      serverInfo(settings({ [INFO]: { status } }))
    ).resolves.toBeNull();
  });
});
