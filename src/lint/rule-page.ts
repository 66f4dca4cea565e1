import { DEFAULT_ROLE_POLICY } from '../workload/role-policy';
import type { Severity } from '../workload/role-policy';
import type { ITranslator } from '../workload/translator';
import { NotebookChecker } from './check';
import type { IFinding } from './finding';
import type { IExample, IRule } from './rule';

/**
 * The page of a rule, in Markdown: why it matters, what it finds and what not, and how it is kept quiet.
 *
 * It is made of the rule itself, and what is found in its examples is found by a check of them. `docs/checks/` holds the pages in English.
 */
export function rulePage(rule: IRule, trans: ITranslator): string {
  const found = rule.examples.fires.map(example => ({
    example,
    findings: findingsIn(example, rule, trans)
  }));
  const hasFix = found.some(({ findings }) => findings.some(({ fix }) => fix));
  const counted = trans.__('Cells are counted from 1.');
  return [
    `# ${rule.id}`,
    `${rule.title(trans)}: ${severityText(rule.severity, trans)}`,
    rule.description(trans),
    `## ${trans.__('Found')}`,
    hasFix
      ? `${counted} ${trans.__('What stands in italics is offered as a fix.')}`
      : counted,
    ...found.flatMap(({ example, findings }) => [
      codeOf(example, trans),
      findings.map(finding => findingLine(finding, trans)).join('\n')
    ]),
    `## ${trans.__('Not found')}`,
    ...rule.examples.clean.map(example => codeOf(example, trans)),
    `## ${trans.__('Where it is right as it is')}`,
    `\`\`\`python\n# workload: allow ${rule.id} ${trans.__('and here the reason')}\n\`\`\``,
    trans.__(
      'in the cell keeps the findings of this rule in that cell quiet. [All rules](../checks.md#rules).'
    )
  ]
    .map(block => `${block}\n`)
    .join('\n');
}

function severityText(severity: Severity, trans: ITranslator): string {
  switch (severity) {
    case 'error':
      return trans.__(
        'an error unless a [site or notebook](../checks.md#severities) says otherwise.'
      );
    case 'warning':
      return trans.__(
        'a warning unless a [site or notebook](../checks.md#severities) says otherwise.'
      );
    case 'info':
      return trans.__(
        'information unless a [site or notebook](../checks.md#severities) says otherwise.'
      );
  }
}

function findingsIn(
  { cells, files = [] }: IExample,
  { id }: IRule,
  trans: ITranslator
): readonly IFinding[] {
  const { findings } = new NotebookChecker().check(
    {
      path: null,
      cells: cells.map(cell => ({ id: null, type: 'code', tags: [], ...cell }))
    },
    {
      policy: DEFAULT_ROLE_POLICY,
      trans,
      exists: path => files.includes(path)
    }
  );
  return findings.filter(({ rule }) => rule === id);
}

function findingLine(
  { cell, message, fix }: IFinding,
  trans: ITranslator
): string {
  const line = `- ${trans.__('cell %1: %2', cell + 1, message)}`;
  return fix ? `${line} _${fix.title}._` : line;
}

/** The cells of an example, as a notebook's text would show them. */
function codeOf({ cells, files = [] }: IExample, trans: ITranslator): string {
  const shown = cells.map(
    ({ source, tags = [], type = 'code', hasOutputs = false }, i) => {
      const own = tags.join(', ') || trans.__('no tags');
      const code = hasOutputs ? trans.__('%1, with outputs', own) : own;
      const head = trans.__(
        'cell %1: %2',
        i + 1,
        type === 'code' ? code : type
      );
      const text = type === 'code' ? source : source.replace(/^(?=.)/gm, '# ');
      return `# ${head}\n${text}\n`;
    }
  );
  const beside = files.map(
    file => `# ${trans.__('beside the notebook: %1', file)}\n`
  );
  return `\`\`\`python\n${[...shown, ...beside].join('\n')}\`\`\``;
}
