/** @jest-environment jsdom */
import { nullTranslator } from '@jupyterlab/translation';
import { act } from 'react';
import type { ReactElement } from 'react';
import { createRoot } from 'react-dom/client';

import { parametersText } from '../../../src/dashboard/list/dashboard-facts';
import { PublishForm } from '../../../src/dashboard/publish/publish-form';
import type { IPublishForm } from '../../../src/dashboard/publish/publish-model';
import { formOf } from '../../../src/dashboard/publish/publish-request';
import { readChoice } from '../../../src/server/dashboards';
import type { IDashboard } from '../../../src/server/dashboards';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

const trans = nullTranslator.load('test');

/** A dashboard that was published with parameters; empty where nobody knows their file. */
function published(parameters: string): IDashboard {
  return {
    id: 'a',
    out: 'public/report',
    source: 'report.ipynb',
    state: 'fresh',
    why: [],
    versions: 1,
    created: null,
    audience: 'public',
    page: false,
    parameters: true,
    asked: { ...readChoice({}), parameters },
    publishing: null
  };
}

function shown(element: ReactElement): HTMLElement {
  const node = document.body.appendChild(document.createElement('div'));
  const root = createRoot(node);
  act(() => root.render(element));
  return node;
}

it('the list says what to name when it is published again', () => {
  expect(parametersText(published('2021.yaml'), trans)).toContain('2021.yaml');
  expect(parametersText(published(''), trans)).toContain(
    'Name it when you publish again'
  );
  const without = { ...published(''), parameters: false };
  expect(parametersText(without, trans)).toBeNull();
});

it('the form asks for the file where nobody knows it, and only there', () => {
  const asks = (form: IPublishForm): boolean =>
    shown(
      <PublishForm
        form={form}
        isDisabled={false}
        onChange={() => undefined}
        trans={trans}
      />
    ).textContent?.includes('Name their file') === true;
  const unknown = formOf(published(''));
  expect(asks(unknown)).toBe(true);
  expect(asks(formOf(published('2021.yaml')))).toBe(false);
  expect(asks({ ...unknown, out: 'public/other' })).toBe(false);
  expect(asks(formOf({ ...published(''), parameters: false }))).toBe(false);
});

it('the form shows the file, which is under More', () => {
  const node = shown(
    <PublishForm
      form={formOf(published('2021.yaml'))}
      isDisabled={false}
      onChange={() => undefined}
      trans={trans}
    />
  );
  const more = node.querySelector('details');
  expect(more?.open).toBe(true);
  const label = [...node.querySelectorAll('label')].find(
    ({ textContent }) => textContent === 'Parameters'
  );
  expect(label?.control).toBe(more?.querySelector('input'));
  expect(more?.querySelector('input')?.value).toBe('2021.yaml');
});
