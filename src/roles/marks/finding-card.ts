import type { IFinding } from '../../lint/finding';
import type { ITranslator } from '../../workload/translator';
import type { IRuleTexts } from '../rule-texts';
import { SEVERITY_SIGNS, severityTitle } from '../role-text';

/** What a card of a finding can do. */
export interface ICardActions {
  fix(finding: IFinding): void;
  /** Why nothing can be fixed, as a sentence; null where it can. */
  readonly blocked: string | null;
  readonly rules: IRuleTexts;
}

/** Findings at one place, as a tooltip shows them: what is wrong, which rule says so, and what can be done. */
export function findingCard(
  findings: readonly IFinding[],
  actions: ICardActions,
  trans: ITranslator
): HTMLElement {
  const card = element('div', 'jp-WorkloadRoles-tooltip');
  card.tabIndex = -1;
  card.setAttribute('role', 'dialog');
  card.setAttribute('aria-label', trans.__('Finding'));
  for (const finding of findings) {
    card.append(oneFinding(finding, actions, trans));
  }
  return card;
}

function oneFinding(
  finding: IFinding,
  actions: ICardActions,
  trans: ITranslator
): HTMLElement {
  const { severity, message, rule, fix } = finding;
  const section = element('section', `jp-mod-${severity}`);
  const text = element('p', 'jp-WorkloadRoles-message');
  const sign = element('span', 'jp-WorkloadRoles-sign');
  sign.textContent = SEVERITY_SIGNS[severity];
  sign.title = severityTitle(severity, trans);
  sign.setAttribute('role', 'img');
  sign.setAttribute('aria-label', sign.title);
  text.append(sign, ` ${message}`);
  const row = element('div', 'jp-WorkloadRoles-actions');
  if (fix) {
    const fixes = button(fix.title, 'jp-WorkloadRoles-fix', () =>
      actions.fix(finding)
    );
    fixes.disabled = actions.blocked !== null;
    fixes.title = actions.blocked ?? '';
    row.append(fixes);
  }
  const why = element('p', 'jp-WorkloadRoles-why');
  why.hidden = true;
  const rules = button(rule, 'jp-WorkloadRoles-link', () => {
    why.hidden = !why.hidden;
    rules.setAttribute('aria-expanded', String(!why.hidden));
    if (!why.hidden && why.textContent === '') {
      actions.rules.explain(rule).then(
        explanation => {
          const page = button(
            trans.__('Examples'),
            'jp-WorkloadRoles-link',
            () => actions.rules.showPage(rule)
          );
          why.replaceChildren(explanation, ' ', page);
        },
        () => {
          why.textContent = trans.__('Nothing more is known of this rule.');
        }
      );
    }
  });
  rules.title = trans.__('What this rule is about');
  rules.setAttribute('aria-expanded', 'false');
  row.append(rules);
  section.append(text, row, why);
  return section;
}

function button(
  label: string,
  className: string,
  run: () => void
): HTMLButtonElement {
  const node = document.createElement('button');
  node.type = 'button';
  node.className = className;
  node.textContent = label;
  // The editor keeps its selection, and its tooltip, while a button is pressed.
  node.addEventListener('mousedown', event => event.preventDefault());
  node.addEventListener('click', run);
  return node;
}

function element(tag: 'div' | 'p' | 'section' | 'span', className: string) {
  const node = document.createElement(tag);
  node.className = className;
  return node;
}
