/** @jest-environment jsdom */
import { nullTranslator } from '@jupyterlab/translation';
import { act } from 'react';
import { createRoot } from 'react-dom/client';
import { Simulate } from 'react-dom/test-utils';

import { PublishForm } from '../../../src/dashboard/publish/publish-form';
import type { IPublishForm } from '../../../src/dashboard/publish/publish-model';
import { formOf } from '../../../src/dashboard/publish/publish-request';
import { readChoice } from '../../../src/server/dashboards';
import type { IDashboard } from '../../../src/server/dashboards';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

type Control = HTMLInputElement | HTMLTextAreaElement;

/** A form as it is shown, and what was changed in it. */
function show(form: IPublishForm) {
  const node = document.body.appendChild(document.createElement('div'));
  const changes: Partial<IPublishForm>[] = [];
  act(() =>
    createRoot(node).render(
      <PublishForm
        form={form}
        isDisabled={false}
        onChange={change => changes.push(change)}
        trans={nullTranslator.load('test')}
      />
    )
  );
  const control = (name: string): Control => {
    const label = [...node.querySelectorAll<HTMLLabelElement>('details label')];
    return label.find(({ textContent }) => textContent === name)
      ?.control as Control;
  };
  return { control, changes };
}

describe('under More', () => {
  const asked = readChoice({
    mapping: { user: 'handle', job: 'number' },
    allowed_hosts: ['h:1', '[::1]:2'],
    kernel: 'other'
  });
  const form = formOf({ asked, out: 'public/report' } as IDashboard);

  it('stand roles, hosts and the kernel that were asked the last time', () => {
    const { control } = show(form);
    expect(control('Columns by role').value).toBe('user=handle\njob=number');
    expect(control('Allowed hosts').value).toBe('h:1\n[::1]:2');
    expect(control('Kernel').value).toBe('other');
  });

  it('they are filled in, one a line', () => {
    const { control, changes } = show(form);
    const fill = (name: string, value: string): void => {
      const node = control(name);
      node.value = value;
      act(() => Simulate.change(node));
    };
    fill('Columns by role', 'user=handle\n');
    fill('Allowed hosts', 'h:1\nh:2');
    fill('Kernel', '');
    expect(changes).toEqual([
      { map: ['user=handle', ''] },
      { allowedHosts: ['h:1', 'h:2'] },
      { kernel: '' }
    ]);
  });
});
