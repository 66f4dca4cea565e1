import { requestHeaders } from '../../../src/explorer/panel/open-index';
import {
  readConnections,
  readIndices
} from '../../../src/server/elasticsearch';
import { readAnswer } from '../../../src/server/read-answer';

describe('what the server half says of Elasticsearch', () => {
  it('is read as far as it fits', () => {
    expect(
      readConnections({
        connections: [
          {
            name: 'mods',
            description: 'Records',
            available: true,
            problem: null,
            indices: ['mods-*', 7],
            origin: 'user'
          },
          { name: 'old' },
          { description: 'nameless' },
          null
        ],
        errors: ['A file is left out.', 5]
      })
    ).toEqual({
      connections: [
        {
          name: 'mods',
          description: 'Records',
          available: true,
          problem: null,
          indices: ['mods-*'],
          origin: 'user'
        },
        {
          name: 'old',
          description: '',
          available: true,
          problem: null,
          indices: [],
          origin: 'site'
        }
      ],
      errors: ['A file is left out.']
    });
    expect(readConnections('nothing')).toEqual({ connections: [], errors: [] });
  });

  it('lists indices, aliases and data streams, and nothing else', () => {
    expect(
      readIndices({
        server: { version: '8.19.0', esql: true },
        indices: [
          { name: 'a', kind: 'index', documents: 5, bytes: 7, members: [] },
          { name: 'b', kind: 'alias', documents: null, members: ['a'] },
          { name: 'c', kind: 'table' }
        ]
      })
    ).toEqual({
      version: '8.19.0',
      indices: [
        { name: 'a', kind: 'index', documents: 5, bytes: 7, members: [] },
        {
          name: 'b',
          kind: 'alias',
          documents: null,
          bytes: null,
          members: ['a']
        }
      ]
    });
  });

  it.each([
    [403, '{"message": "Ask for access."}', 'Ask for access.'],
    [502, '<html>', 'The Jupyter server answers 502.'],
    [500, '{"message": ""}', 'The Jupyter server answers 500.']
  ])('becomes a sentence when it is %d', async (status, body, sentence) => {
    await expect(readAnswer(new Response(body, { status }))).rejects.toThrow(
      sentence
    );
  });

  it('is asked with the token and what proves that the page is ours', () => {
    expect(requestHeaders('abc', 'a=1; _xsrf=2|3|4; b=5')).toEqual({
      Authorization: 'token abc',
      'X-XSRFToken': '2|3|4'
    });
    expect(requestHeaders('', 'not_xsrf=7')).toEqual({});
  });
});
