import type { IRange } from '../finding';
import { normalPath } from '../flow/paths';
import { knownText } from '../flow/patterns';
import type { ICheckedCell, IRule, IRuleContext, IRuleFinding } from '../rule';
import type { ICellFacts, IDisplay } from '../python/facts';
import { leafSteps } from '../python/walk-steps';
import { downstream, markdown, shared, upstream } from './examples';
import { roleText } from './texts';

/** What the dashboard shows relies on the output of an upstream cell. */
export const upstreamOutputShown: IRule = {
  id: 'upstream-output-shown',
  severity: 'info',
  title: trans => trans.__('Relies on the output of an upstream cell'),
  description: trans =>
    trans.__(
      'The dashboard has no outputs of upstream cells: a text about “the figure above” stands alone there, a picture that an upstream cell draws must be stored with the notebook, and “_”, “Out[3]” and updates of a display are about nothing. Draw downstream, from a file.'
    ),
  examples: {
    fires: [
      {
        cells: [
          { ...upstream('print("a figure")'), hasOutputs: true },
          markdown('The figure above shows users by month.')
        ],
        at: [1]
      },
      { cells: [upstream('2 + 3'), downstream('print(_)')], at: [1] },
      {
        cells: [
          upstream('import matplotlib.pyplot as plt\nplt.savefig("users.png")'),
          markdown('![Users](users.png)')
        ],
        at: [1]
      },
      {
        cells: [
          upstream('display(1, display_id="total")'),
          downstream(
            'from IPython.display import update_display\nupdate_display(2, display_id="total")'
          )
        ],
        at: [1]
      }
    ],
    clean: [
      {
        cells: [
          { ...downstream('print(1)'), hasOutputs: true },
          markdown('The figure above shows users by month.')
        ]
      },
      {
        cells: [
          { ...upstream('print(1)'), hasOutputs: true },
          markdown('# Users by month')
        ]
      },
      { cells: [upstream('2 + 3'), downstream('for _ in [1]:\n    print(_)')] },
      {
        cells: [
          shared('import matplotlib.pyplot as plt\nplt.savefig("users.png")'),
          markdown('![Users](users.png)')
        ]
      }
    ]
  },
  *check(context) {
    for (const cell of context.cells) {
      if (cell.role === 'upstream' || cell.role === 'conflict') {
        continue;
      }
      if (cell.cell.type === 'markdown') {
        yield* inText(cell, context);
      } else if (cell.role === 'downstream' && cell.facts) {
        yield* inCode(cell, context);
      }
    }
  }
};

/** Words by which a text points at what stands above it. */
const POINTS_ABOVE =
  /\b(?:above|(?:this|the) (?:figures?|plots?|charts?|graphs?|histograms?|heat ?maps?|tables?|outputs?|results?|pictures?|images?|maps?|diagrams?) (?:shows?|(?:is|are) shown)|(?:as|we|you) (?:can |may )?(?:be )?see[ns]?|shown here|seen here)\b/i;

/** Pictures of Markdown and HTML. */
const PICTURES =
  /!\[[^\]]*\]\(\s*<?([^)\s>]+)|<(?:img|embed|iframe)\b[^>]*?\bsrc\s*=\s*["']([^"']+)/gi;

function* inText(
  { index, cell }: ICheckedCell,
  context: IRuleContext
): Generator<IRuleFinding> {
  const { cells, flow, trans, exists } = context;
  const above = cells[index - 1];
  const pointing = POINTS_ABOVE.exec(cell.source);
  if (above?.role === 'upstream' && above.cell.hasOutputs && pointing) {
    yield {
      cell: index,
      range: rangeOf(pointing),
      message: trans.__(
        'This seems to be about the output of cell %1, which is %2 and not part of the dashboard. Draw it in a cell tagged %3, or tag this text %2, too.',
        above.index + 1,
        roleText('upstream', context),
        roleText('downstream', context)
      )
    };
  }
  for (const picture of cell.source.matchAll(PICTURES)) {
    const path = picture[1] ?? picture[2];
    const writer = [...flow.upstream.files].find(
      file =>
        file.access === 'write' &&
        // What other cells draw, the dashboard's server draws, too.
        ['upstream', 'conflict'].includes(cells[file.cell]?.role ?? '') &&
        normalPath(knownText(file.path) ?? '') === normalPath(path)
    );
    if (writer && exists(path) !== true) {
      yield {
        cell: index,
        range: rangeOf(picture),
        name: path,
        message: trans.__(
          '“%1” is drawn by cell %2 and not stored. Run that cell before publishing, and publish the picture with the notebook.',
          path,
          writer.cell + 1
        )
      };
      return;
    }
  }
}

function* inCode(
  { index, cell, facts }: ICheckedCell,
  context: IRuleContext
): Generator<IRuleFinding> {
  const { cells, flow, trans } = context;
  const isUpstreamAbove = (): boolean =>
    cells
      .slice(0, index)
      .findLast(each => each.facts !== null && !each.facts.isBlank)?.role ===
    'upstream';
  const told = new Set<string>();
  for (const step of facts ? outputsOf(facts) : []) {
    told.add(step.name);
    const isBound = (flow.downstream.definitions.get(step.name) ?? []).some(
      definer => definer <= index
    );
    const isLast = /^_+$/.test(step.name);
    const isUpstream = isLast
      ? isUpstreamAbove()
      : cells.some(each => each.role === 'upstream' && each.index < index);
    if (!isBound && isUpstream) {
      yield {
        cell: index,
        range: { from: step.from, to: step.to },
        name: step.name,
        message: trans.__(
          '“%1” is the output of a cell that ran before, and %2 cells do not run for the dashboard. Give the value a name, and bring it here by a file.',
          step.name,
          roleText('upstream', context)
        )
      };
    }
  }
  if (!cell.source.includes('update_display')) {
    return;
  }
  for (const update of cell.source.matchAll(
    /\bupdate_display\([^)]*\bdisplay_id\s*=\s*(["'])([^"']+)\1/g
  )) {
    const shows = (other: ICheckedCell): boolean =>
      new RegExp(
        `\\bdisplay\\b[^)]*display_id\\s*=\\s*["']${escaped(update[2])}["']`
      ).test(other.cell.source);
    const shown = cells.slice(0, index).filter(shows);
    if (
      shown.length > 0 &&
      shown.every(({ role }) => role === 'upstream') &&
      !told.has(update[2])
    ) {
      told.add(update[2]);
      yield {
        cell: index,
        range: rangeOf(update),
        name: update[2],
        message: trans.__(
          'This updates the display “%1” of cell %2, which is %3 and not part of the dashboard. Display it in a cell tagged %4.',
          update[2],
          shown[0].index + 1,
          roleText('upstream', context),
          roleText('downstream', context)
        )
      };
    }
  }
}

const OUTPUTS = new WeakMap<ICellFacts, readonly IDisplay[]>();

/** Where a cell reads outputs, once for each name. */
function outputsOf(facts: ICellFacts): readonly IDisplay[] {
  let found = OUTPUTS.get(facts);
  if (!found) {
    const byName = new Map<string, IDisplay>();
    for (const step of leafSteps(facts.steps)) {
      if (step.kind === 'output' && !byName.has(step.name)) {
        byName.set(step.name, step);
      }
    }
    found = [...byName.values()];
    OUTPUTS.set(facts, found);
  }
  return found;
}

function rangeOf(match: RegExpExecArray): IRange {
  return { from: match.index, to: match.index + match[0].length };
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
