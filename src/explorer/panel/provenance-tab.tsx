import type { JSX, ReactNode } from 'react';

import { describeFilter, describePeriod } from '../../workload/caption';
import { ROLES } from '../../workload/fields';
import { usePanel } from './context';
import { CopyButton } from './copy-button';
import { estimateText } from './estimate';
import { RequestsList } from './requests-list';
import type { IChartState } from './session-state';

/** Where an answer comes from and what was counted, as a list and as JSON. */
export function ProvenanceTab(props: {
  readonly state: IChartState;
}): JSX.Element {
  const { trans, format } = usePanel();
  const { answer } = props.state;
  if (!answer) {
    return <p className="jp-Workload-hint">{trans.__('Not read yet.')}</p>;
  }
  const { provenance } = answer;
  const { query, source, population, timing, pages } = provenance;
  const isIndex = source.index !== null;
  const estimate = estimateText(provenance, trans, format.locale);
  const json = JSON.stringify(provenance, null, 2);
  const entries: [string, ReactNode][] = [
    [trans.__('Source'), query.source.paths.join(', ')],
    [
      trans.__('Size'),
      [
        isIndex
          ? trans._n(
              '%2 document',
              '%2 documents',
              source.rows,
              format.count(source.rows)
            )
          : trans._n(
              '%2 row',
              '%2 rows',
              source.rows,
              format.count(source.rows)
            ),
        !isIndex && trans._n('%1 file', '%1 files', source.files),
        source.bytes > 0 && format.bytes(source.bytes)
      ]
        .filter(Boolean)
        .join(' · ')
    ],
    ...(isIndex
      ? [[trans.__('Indices'), source.index] satisfies [string, ReactNode]]
      : []),
    ...(isIndex
      ? []
      : [
          [
            trans.__('Last modified'),
            source.modified ?? trans.__('unknown')
          ] satisfies [string, ReactNode]
        ]),
    [
      trans.__('Filters'),
      provenance.filters.length === 0
        ? trans.__('none')
        : provenance.filters
            .map(filter => describeFilter(filter, trans))
            .join(' · ')
    ],
    [
      trans.__('Period'),
      `${describePeriod(query.period, trans)} (${query.zone})`
    ],
    [trans.__('Counted'), provenance.counted.join(', ')],
    [
      trans.__('Included'),
      [
        trans._n(
          '%2 record',
          '%2 records',
          population.records,
          format.count(population.records)
        ),
        population.users !== null &&
          trans._n(
            '%2 user',
            '%2 users',
            population.users,
            format.count(population.users)
          ),
        population.jobs !== null &&
          trans._n(
            '%2 job',
            '%2 jobs',
            population.jobs,
            format.count(population.jobs)
          )
      ]
        .filter(Boolean)
        .join(' · ')
    ],
    [
      trans.__('First and last record'),
      provenance.span
        ? `${provenance.span.from} – ${provenance.span.to}`
        : trans.__('not asked for: this answer needs no times')
    ],
    [
      isIndex ? trans.__('Documents read') : trans.__('Rows read'),
      [
        format.count(provenance.rows_read),
        provenance.rows_skipped > 0 &&
          trans.__(
            '%1 skipped, outside the period',
            format.count(provenance.rows_skipped)
          ),
        provenance.rows_condensed !== null &&
          trans.__(
            'put together in %1',
            format.count(provenance.rows_condensed)
          )
      ]
        .filter(Boolean)
        .join(' · ')
    ],
    [
      trans.__('Computation'),
      provenance.partial
        ? trans.__('partial: rows are still arriving')
        : provenance.exact
          ? trans.__('exact')
          : [estimate?.label, estimate?.title].filter(Boolean).join('. ')
    ],
    [
      trans.__('Time'),
      trans.__(
        'read in %1, answered in %2',
        format.duration(timing.read_ms),
        format.duration(timing.answer_ms)
      )
    ],
    ...(isIndex
      ? []
      : [
          [
            trans.__('Pages'),
            trans.__(
              '%1 read the quick way, %2 the general way; %3 with a checksum',
              format.count(pages.fast),
              format.count(pages.slow),
              format.count(pages.checked)
            )
          ] satisfies [string, ReactNode]
        ]),
    [
      trans.__('Columns'),
      ROLES.flatMap(role => {
        const columns = provenance.mapping[role];
        return columns ? [`${role}: ${columns.join(' + ')}`] : [];
      }).join(' · ')
    ]
  ];
  if (provenance.jobs_with_differing_nodes !== null) {
    entries.push([
      trans.__('Jobs whose records disagree on nodes'),
      format.count(provenance.jobs_with_differing_nodes)
    ]);
  }
  if (provenance.notes.length > 0) {
    entries.push([
      trans.__('Notes'),
      <ul key="notes">
        {provenance.notes.map(note => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    ]);
  }
  entries.push([trans.__('Made by'), provenance.tool]);

  return (
    <div className="jp-Workload-provenance">
      <dl>
        {entries.map(([term, text]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <details>
        <summary>{trans.__('As JSON')}</summary>
        <CopyButton said={trans.__('Provenance copied')} text={() => json} />
        <pre tabIndex={0}>{json}</pre>
      </details>
      {isIndex && (
        <details>
          <summary>{trans.__('Requests to Elasticsearch')}</summary>
          <RequestsList />
        </details>
      )}
    </div>
  );
}
