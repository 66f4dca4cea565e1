import type { TranslationBundle } from '@jupyterlab/translation';
import { HTMLSelect } from '@jupyterlab/ui-components';
import type { JSX, ReactNode } from 'react';
import { useId } from 'react';

import { AUDIENCES } from '../../server/dashboards';
import type { Audience } from '../../server/dashboards';
import type { IPublishForm } from './publish-model';
import { lacksParameters } from './publish-request';

/** What is asked before a dashboard is published. */
export function PublishForm(props: {
  readonly form: IPublishForm;
  readonly isDisabled: boolean;
  readonly onChange: (change: Partial<IPublishForm>) => void;
  readonly trans: TranslationBundle;
}): JSX.Element {
  const { form, isDisabled, onChange, trans } = props;
  const audiences: Record<Audience, string> = {
    staff: trans.__('Staff, behind a login'),
    center: trans.__('The center'),
    public: trans.__('The public')
  };
  const lines = (
    key: 'raw' | 'byReference' | 'data' | 'allowedHosts' | 'map',
    label: string,
    hint: string,
    placeholder = trans.__('one path a line')
  ): JSX.Element => (
    <Field label={label} hint={hint}>
      {id => (
        <textarea
          id={id}
          className="jp-mod-styled"
          rows={Math.max(1, form[key].length)}
          value={form[key].join('\n')}
          placeholder={placeholder}
          spellCheck={false}
          onChange={event =>
            onChange({ [key]: event.target.value.split('\n') })
          }
        />
      )}
    </Field>
  );
  const text = (
    id: string,
    key: 'out' | 'parameters' | 'kernel' | 'image' | 'archive'
  ): JSX.Element => (
    <input
      id={id}
      className="jp-mod-styled"
      value={form[key]}
      spellCheck={false}
      onChange={event => onChange({ [key]: event.target.value })}
    />
  );
  return (
    <fieldset className="jp-WorkloadPublish-form" disabled={isDisabled}>
      <Field
        label={trans.__('Folder')}
        hint={trans.__(
          'Its name becomes a link to the version that is shown. The folder above it has to be there.'
        )}
      >
        {id => text(id, 'out')}
      </Field>
      <Field
        label={trans.__('For whom')}
        hint={trans.__('How few people a shown number may stand for.')}
      >
        {id => (
          <HTMLSelect
            id={id}
            value={form.audience}
            onChange={event => {
              const { value } = event.target;
              const audience = AUDIENCES.find(each => each === value);
              if (audience) {
                onChange({ audience });
              }
            }}
          >
            {AUDIENCES.map(each => (
              <option key={each} value={each}>
                {audiences[each]}
              </option>
            ))}
          </HTMLSelect>
        )}
      </Field>
      {lines(
        'raw',
        trans.__('Raw records'),
        trans.__(
          'Parquet that the dashboard must not read. Names of their users are looked for in all that is published.'
        )
      )}
      <label className="jp-WorkloadPublish-check">
        <input
          type="checkbox"
          className="jp-mod-styled"
          checked={form.page}
          onChange={event => onChange({ page: event.target.checked })}
        />
        {trans.__('With a static page: one HTML file that needs no kernel')}
      </label>
      <details open={form.hadParameters !== ''}>
        <summary>{trans.__('More')}</summary>
        <Field
          label={trans.__('Parameters')}
          hint={trans.__(
            'A YAML or JSON file in the file browser. Its values are set in the notebook, as Papermill sets them.'
          )}
        >
          {id => text(id, 'parameters')}
        </Field>
        {lacksParameters(form) && (
          <p className="jp-WorkloadPublish-problem">
            {trans.__(
              'It has values of parameters. Name their file, or it gets the values of the notebook.'
            )}
          </p>
        )}
        {lines(
          'byReference',
          trans.__('Data by reference'),
          trans.__(
            'They stay where they are, so that new ones appear without publishing again.'
          )
        )}
        {lines(
          'data',
          trans.__('Other data'),
          trans.__(
            'In its folder, where the server cannot see what the dashboard reads.'
          )
        )}
        {lines(
          'map',
          trans.__('Columns by role'),
          trans.__(
            'Which column has a role, where its name does not tell, such as user=handle.'
          ),
          trans.__('one role=column a line')
        )}
        {lines(
          'allowedHosts',
          trans.__('Allowed hosts'),
          trans.__('It may connect to them, such as data.example.org:443.'),
          trans.__('one host:port a line')
        )}
        <Field
          label={trans.__('Kernel')}
          hint={trans.__('The name of one, instead of the notebook’s.')}
        >
          {id => text(id, 'kernel')}
        </Field>
        <Field
          label={trans.__('Fewest people')}
          hint={trans.__('Outweighs whom it is for.')}
        >
          {id => (
            <input
              id={id}
              className="jp-mod-styled"
              type="number"
              min={1}
              value={form.k ?? ''}
              onChange={event =>
                onChange({
                  k: event.target.value === '' ? null : +event.target.value
                })
              }
            />
          )}
        </Field>
        <Field
          label={trans.__('Container image')}
          hint={trans.__(
            'One that is there, as name@sha256:…, instead of its own.'
          )}
        >
          {id => text(id, 'image')}
        </Field>
        <Field
          label={trans.__('Archive')}
          hint={trans.__('A file for it as tar.gz, too.')}
        >
          {id => text(id, 'archive')}
        </Field>
        <Field
          label={trans.__('Seconds')}
          hint={trans.__('For each of its three runs.')}
        >
          {id => (
            <input
              id={id}
              className="jp-mod-styled"
              type="number"
              min={1}
              value={form.timeout}
              onChange={event => onChange({ timeout: +event.target.value })}
            />
          )}
        </Field>
      </details>
    </fieldset>
  );
}

function Field(props: {
  readonly label: string;
  readonly hint: string;
  readonly children: (id: string) => ReactNode;
}): JSX.Element {
  const id = useId();
  return (
    <div className="jp-WorkloadPublish-field">
      <label htmlFor={id}>{props.label}</label>
      {props.children(id)}
      <p className="jp-WorkloadPublish-hint">{props.hint}</p>
    </div>
  );
}
