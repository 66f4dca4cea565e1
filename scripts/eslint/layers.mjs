// The map of src/: a folder imports only from folders above it, and the pure ones know neither
// JupyterLab nor a browser's page. See docs/architecture.md.
import { dirname, relative, resolve, sep } from 'node:path';

/** The folders of src/ from the top down, with the single files at the top. */
export const MAP = [
  'version',
  'tokens',
  'workload',
  'server',
  'engine',
  'elasticsearch',
  'transform',
  'figure',
  'lint',
  'roles',
  'notebook',
  'dashboard',
  'periods',
  'explorer',
  'cli',
  'index'
];

/** Nothing may import these, though they import all: they are where programs begin. */
const ENDS = new Set(['cli', 'index']);

/** Packages that bring JupyterLab, its widgets or a page. */
const IMPURE =
  /^(@jupyterlab|@jupyter|@lumino|@codemirror|react|react-dom)(\/|$)/;

/** The part of the map that a file belongs to, such as `engine`; undefined outside src/. */
function partOf(file, src) {
  const path = relative(src, file);
  if (path === '' || path.startsWith('..')) {
    return undefined;
  }
  return path.split(sep)[0].replace(/\.[jt]sx?$/, '');
}

/** Calls back for every module that a file names, whichever way. */
function visitImports(report) {
  const literal = (node, typeOnly) => {
    if (node?.type === 'Literal' && typeof node.value === 'string') {
      report(node, node.value, typeOnly);
    }
  };
  return {
    ImportDeclaration: node => literal(node.source, node.importKind === 'type'),
    ExportNamedDeclaration: node =>
      literal(node.source, node.exportKind === 'type'),
    ExportAllDeclaration: node =>
      literal(node.source, node.exportKind === 'type'),
    ImportExpression: node => literal(node.source, false),
    TSImportType: node => literal(node.source ?? node.argument?.literal, true),
    // Workers: new URL('./worker.js', import.meta.url)
    'NewExpression[callee.name="URL"]': node => {
      if (node.arguments[1]?.type === 'MemberExpression') {
        literal(node.arguments[0], false);
      }
    },
    'CallExpression[callee.name="require"]': node =>
      literal(node.arguments[0], false)
  };
}

const downward = {
  meta: {
    type: 'problem',
    docs: {
      description:
        'A folder of src/ imports only from folders above it in the map.'
    },
    messages: {
      up: '{{from}} must not import {{to}}, which stands below it in the map.',
      unknown:
        '{{part}} is not in the map: add it to scripts/eslint/layers.mjs and to the docs.'
    },
    schema: [{ type: 'object', properties: { src: { type: 'string' } } }]
  },
  create(context) {
    const src = context.options[0].src;
    const from = partOf(context.filename, src);
    if (from === undefined) {
      return {};
    }
    const rank = MAP.indexOf(from);
    if (rank < 0) {
      return {
        Program: node =>
          context.report({ node, messageId: 'unknown', data: { part: from } })
      };
    }
    return visitImports((node, name, typeOnly) => {
      if (!name.startsWith('.')) {
        return;
      }
      const to = partOf(resolve(dirname(context.filename), name), src);
      // Tokens name the types of what they stand for, wherever these are.
      if (to === undefined || to === from || (from === 'tokens' && typeOnly)) {
        return;
      }
      const target = MAP.indexOf(to);
      if (target < 0) {
        context.report({ node, messageId: 'unknown', data: { part: to } });
      } else if (target > rank || ENDS.has(to)) {
        context.report({ node, messageId: 'up', data: { from, to } });
      }
    });
  }
};

const pure = {
  meta: {
    type: 'problem',
    docs: { description: 'Pure folders know neither JupyterLab nor the page.' },
    messages: {
      impure:
        '{{name}} does not belong in pure code, which also runs in Node, where there is no page.'
    },
    schema: [
      {
        type: 'object',
        properties: {
          globals: { type: 'array', items: { type: 'string' } }
        }
      }
    ]
  },
  create(context) {
    const forbidden = new Set(context.options[0].globals);
    const report = (node, name) =>
      context.report({ node, messageId: 'impure', data: { name } });
    return {
      ...visitImports((node, name) => {
        if (IMPURE.test(name)) {
          report(node, name);
        }
      }),
      // As a value or as a type; a name that the file itself declares is another thing.
      'Program:exit'(program) {
        const scope = context.sourceCode.getScope(program);
        const undeclared = [...scope.set.values()]
          .filter(variable => variable.defs.length === 0)
          .flatMap(variable => variable.references);
        for (const { identifier } of [...scope.through, ...undeclared]) {
          if (forbidden.has(identifier.name)) {
            report(identifier, identifier.name);
          }
        }
      }
    };
  }
};

export default { rules: { downward, pure } };
