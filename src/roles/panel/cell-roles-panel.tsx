import { ReactWidget, SidePanel, UseSignal } from '@jupyterlab/ui-components';
import type { ITranslator } from '@jupyterlab/translation';
import type { Message } from '@lumino/messaging';
import { MessageLoop } from '@lumino/messaging';
import { AccordionPanel, Panel, Widget } from '@lumino/widgets';
import type { FunctionComponent } from 'react';

import { AllowancesList } from './allowances-list';
import { CellList } from './cell-list';
import type { IPanelContext } from './context';
import { FindingsList } from './findings-list';
import { PanelHeader } from './header';
import { Suggestions } from './suggestions';

/** Contents of the side panel: what is above, and three parts that can be folded. */
export class CellRolesPanel extends SidePanel {
  constructor(context: IPanelContext, translator?: ITranslator) {
    super({ header: new Panel(), translator });
    const { model, trans } = context;
    this._context = context;
    this.addClass('jp-WorkloadRoles-panel');
    this.header.addWidget(part(PanelHeader, context));
    this.header.addWidget(part(Suggestions, context));
    for (const [title, component] of [
      [trans.__('Cells'), CellList],
      [trans.__('Findings'), FindingsList],
      [trans.__('Allowed'), AllowancesList]
    ] as const) {
      const widget = part(component, context);
      widget.addClass('jp-WorkloadRoles-part');
      widget.title.label = title;
      this.addWidget(widget);
      this._parts.push(widget);
    }
    if (this.content instanceof AccordionPanel) {
      this.content.setRelativeSizes([6, 5, 2]);
    }
    model.changed.connect(this._update, this);
    this._update();
  }

  override dispose(): void {
    this._context.model.changed.disconnect(this._update, this);
    super.dispose();
  }

  protected override onAfterAttach(msg: Message): void {
    super.onAfterAttach(msg);
    this._observer.observe(this.header.node);
  }

  protected override onBeforeDetach(msg: Message): void {
    this._observer.disconnect();
    super.onBeforeDetach(msg);
  }

  private readonly _update = (): void => {
    const { open } = this._context.model;
    const { trans } = this._context;
    this.content.setHidden(!open?.roles.isOn);
    const result = open?.check.checked?.result;
    const [, findings, allowances] = this._parts;
    setLabel(
      findings,
      result
        ? trans.__('Findings (%1)', result.findings.length)
        : trans.__('Findings')
    );
    setLabel(
      allowances,
      result
        ? trans.__('Allowed (%1)', result.allowances.length)
        : trans.__('Allowed')
    );
  };

  /** The parts share the room that what is above leaves, which nothing else tells them. */
  private readonly _observer = new ResizeObserver(() => {
    MessageLoop.postMessage(this.content, Widget.ResizeMessage.UnknownSize);
  });
  private readonly _context: IPanelContext;
  private readonly _parts: Widget[] = [];
}

function setLabel(widget: Widget, label: string): void {
  if (widget.title.label !== label) {
    widget.title.label = label;
  }
}

function part(
  Component: FunctionComponent<{ context: IPanelContext }>,
  context: IPanelContext
): ReactWidget {
  return ReactWidget.create(
    <UseSignal signal={context.model.changed}>
      {() => <Component context={context} />}
    </UseSignal>
  );
}
