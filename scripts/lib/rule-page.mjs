// The page of a rule in docs/checks/, made of the rule itself.

const LEVELS = {
  error: 'an error',
  warning: 'a warning',
  info: 'information'
};

/** What of an example is a rule's page: cells, as a notebook's text would show them. */
function codeOf({ cells, files = [] }) {
  const shown = cells.map(
    ({ source, tags = [], type = 'code', hasOutputs }, i) => {
      const what =
        type === 'code'
          ? (tags.join(', ') || 'no tags') +
            (hasOutputs ? ', with outputs' : '')
          : type;
      const text = type === 'code' ? source : source.replace(/^(?=.)/gm, '# ');
      return `# cell ${i + 1}: ${what}\n${text}\n`;
    }
  );
  const beside = files.map(file => `# beside the notebook: ${file}\n`);
  return `\`\`\`python\n${[...shown, ...beside].join('\n')}\`\`\`\n`;
}

/** What is found in an example, as a list. */
function foundIn(findings) {
  return findings
    .map(({ cell, message, fix }) => {
      const offer = fix ? ` _${fix.title}._` : '';
      return `- cell ${cell + 1}: ${message}${offer}\n`;
    })
    .join('');
}

/**
 * The page of a rule, in Markdown.
 *
 * @param rule A rule of src/lint/rules.
 * @param trans A translator.
 * @param check Gives the rule's findings in an example.
 */
export function rulePage(rule, trans, check) {
  const fires = rule.examples.fires.map(
    example => `${codeOf(example)}\n${foundIn(check(example))}`
  );
  const clean = rule.examples.clean.map(codeOf);
  const fix = rule.examples.fires.some(example =>
    check(example).some(finding => finding.fix)
  )
    ? ' What stands in italics is offered as a fix.'
    : '';
  return `# ${rule.id}

${rule.title(trans)}: ${LEVELS[rule.severity]} unless a [site or notebook](../checks.md#severities) says otherwise.

${rule.description(trans)}

## Found

Cells are counted from 1.${fix}

${fires.join('\n')}
## Not found

${clean.join('\n')}
## Where it is right as it is

\`\`\`python
# workload: allow ${rule.id} and here the reason
\`\`\`

in the cell keeps the findings of this rule in that cell quiet. [All rules](../checks.md#rules).
`;
}
