import { Component } from 'react';
import type { ReactNode } from 'react';

import type { ITranslator } from '../../workload/translator';
import { Banner } from './banner';

interface IProps {
  readonly trans: ITranslator;
  readonly children: ReactNode;
}

/** Shows a fault of what it holds in its place: React would take all of it away without a word. */
export class RenderGuard extends Component<IProps, { fault: string | null }> {
  override state = { fault: null as string | null };

  static getDerivedStateFromError(error: unknown): { fault: string } {
    return { fault: error instanceof Error ? error.message : String(error) };
  }

  override render(): ReactNode {
    const { trans, children } = this.props;
    const { fault } = this.state;
    return fault === null ? (
      children
    ) : (
      <Banner
        tone="error"
        message={trans.__(
          'The explorer cannot show this: %1. The view is not lost. Undo the last change, or try again; if it stays, please report it.',
          fault
        )}
        actions={[
          {
            label: trans.__('Try again'),
            run: () => this.setState({ fault: null }),
            primary: true
          }
        ]}
      />
    );
  }
}
