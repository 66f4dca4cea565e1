import { analyzeCell } from '../../../src/lint/python/analyze-cell';
import type {
  IFileAccess,
  Step,
  Text,
  Value
} from '../../../src/lint/python/facts';

/** The steps of a cell as one short line: what the tables of these tests compare. */
export function steps(source: string): string {
  return render(analyzeCell(source).steps);
}

/** Steps as text. */
export function render(list: readonly Step[]): string {
  // Calls of methods by operators and the like are tested by what comes of them: `flow/methods.spec.ts`.
  return list
    .filter(step => step.kind !== 'method')
    .map(renderStep)
    .join(' ');
}

function renderStep(step: Step): string {
  switch (step.kind) {
    case 'use': {
      const sign = { read: '', call: '()', argument: '→' }[step.how];
      const guarded = step.guarded ? '?' : '';
      return [step.name, ...step.attributes].join('.') + sign + guarded;
    }
    case 'bind': {
      const by = step.by === 'assignment' ? '' : `:${step.by}`;
      const module =
        step.module === undefined
          ? ''
          : `[${step.module.text}${step.module.guarded ? '?' : ''}]`;
      return `=${step.name}${by}${module}${renderValue(step.value)}`;
    }
    case 'method':
      return '';
    case 'delete':
      return `del:${step.name}${step.inClass ? `:${step.inClass}` : ''}`;
    case 'mutate':
      return `mut:${step.name}`;
    case 'output':
      return `out:${step.name}`;
    case 'unknown':
      return `unknown:${step.why}${
        step.module === undefined ? '' : `:${step.module}`
      }(${step.names === null ? '*' : step.names.join(',')})`;
    case 'file':
      return `${step.access}${step.guarded ? '?' : ''}<${renderText(step.path)}>${renderAsked(step)}by:${step.by}`;
    case 'environment':
      return `env<${step.name ?? '*'}=${renderText(step.text)}>`;
    case 'folder':
      return `cd<${renderText(step.path)}>`;
    case 'import':
      return `local[${step.module.text}${step.module.guarded ? '?' : ''}]`;
    case 'exit':
      return step.how;
    case 'branch':
      return `if(${step.alternatives.map(render).join(' | ')})`;
    case 'loop': {
      const otherwise =
        step.otherwise.length > 0 ? ` | ${render(step.otherwise)}` : '';
      return `loop${step.atLeastOnce ? '+' : ''}(${render(step.body)}${otherwise})`;
    }
    case 'try': {
      const handlers = step.handlers.map(one => ` | ${render(one)}`).join('');
      const otherwise =
        step.otherwise.length > 0 ? ` else ${render(step.otherwise)}` : '';
      const last =
        step.finally.length > 0 ? ` finally ${render(step.finally)}` : '';
      return `try(${render(step.body)}${handlers}${otherwise}${last})`;
    }
  }
}

function renderValue(value: Value): string {
  switch (value.kind) {
    case 'unknown':
      return '';
    case 'function':
      return `{${render(value.body)}}`;
    case 'class': {
      const methods = Object.entries(value.methods)
        .map(([name, body]) => `${name}{${render(body)}}`)
        .join(' ');
      return `{class(${value.bases.join(',')}) ${methods}}`;
    }
    case 'names':
      return `~${value.names.join(',')}`;
    case 'parts': {
      const parts = Object.entries(value.parts)
        .map(([key, text]) => `${key}=${renderText(text)}`)
        .join(' ');
      return `<${parts}>${renderValue(value.value)}`;
    }
    case 'text':
      return `"${renderText(value.text)}"`;
  }
}

function renderAsked({ asked = [] }: IFileAccess): string {
  return asked.map(text => `asked<${renderText(text)}>`).join('');
}

/** A text with names in `${}` and `?` for what is unknown. */
export function renderText(text: Text): string {
  switch (text.kind) {
    case 'literal':
      return text.value;
    case 'name':
      return `\${${text.name}}`;
    case 'parameter':
      return `@${text.id}`;
    case 'environment':
      return `$${text.name}`;
    case 'place':
      return `<${text.place}>`;
    case 'part':
      return `\${${text.of}${text.key}}`;
    case 'call': {
      const given = text.given.map(each => renderText(each.text)).join(',');
      return `\${${[text.name, ...text.attributes].join('.')}(${given})}`;
    }
    case 'either':
      return text.of.map(renderText).join('|');
    case 'unknown':
      return '?';
    case 'join':
      return text.parts.map(renderText).join(text.separator);
  }
}
