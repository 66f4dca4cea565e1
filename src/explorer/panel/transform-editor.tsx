import { autocompletion } from '@codemirror/autocomplete';
import type {
  CompletionContext,
  CompletionResult
} from '@codemirror/autocomplete';
import { lintGutter, setDiagnostics } from '@codemirror/lint';
import { EditorView } from '@codemirror/view';
import { CodeEditor } from '@jupyterlab/codeeditor';
import type { IEditorServices } from '@jupyterlab/codeeditor';
import { CodeMirrorEditor } from '@jupyterlab/codemirror';
import type { JSX } from 'react';
import { useEffect, useRef } from 'react';

import { completions } from '../../transform/complete';
import type { ICompletion } from '../../transform/complete';
import type { ITranslator } from '../../workload/translator';
import type { ITransformProblem } from './session-state';

interface ITransformEditorProps {
  readonly services: IEditorServices;
  readonly trans: ITranslator;
  readonly label: string;
  readonly code: string;
  /** Columns of the table that the transform begins with. */
  readonly columns: readonly string[];
  readonly problem: ITransformProblem | null;
  readonly readOnly: boolean;
  readonly onChange: (code: string) => void;
}

/** JupyterLab's code editor for a transform, with completion and the error underlined. */
export function TransformEditor(props: ITransformEditorProps): JSX.Element {
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<CodeEditor.IEditor | null>(null);
  // The editor lives longer than one render: it reads what is current from here.
  const current = useRef(props);
  current.current = props;

  useEffect(() => {
    const node = host.current;
    if (!node) {
      return;
    }
    const model = new CodeEditor.Model({ mimeType: 'text/javascript' });
    model.sharedModel.setSource(current.current.code);
    const made = current.current.services.factoryService.newInlineEditor({
      host: node,
      model,
      config: {
        lineNumbers: false,
        lineWrap: true,
        readOnly: current.current.readOnly
      },
      extensions: [
        autocompletion({
          override: [
            context =>
              complete(context, current.current.columns, current.current.trans)
          ],
          icons: false
        }),
        lintGutter(),
        EditorView.contentAttributes.of({ 'aria-label': current.current.label })
      ]
    });
    editor.current = made;
    const onChange = () => current.current.onChange(model.sharedModel.source);
    model.sharedModel.changed.connect(onChange);
    return () => {
      model.sharedModel.changed.disconnect(onChange);
      editor.current = null;
      made.dispose();
      model.dispose();
    };
  }, []);

  // Undo in the panel, or somebody else's change of a shared view.
  useEffect(() => {
    const shared = editor.current?.model.sharedModel;
    if (shared && shared.source !== props.code) {
      shared.setSource(props.code);
    }
  }, [props.code]);

  useEffect(() => {
    editor.current?.setOption('readOnly', props.readOnly);
  }, [props.readOnly]);

  useEffect(() => {
    const made = editor.current;
    if (made instanceof CodeMirrorEditor) {
      const { editor: view } = made;
      const { problem } = props;
      const end = view.state.doc.length;
      view.dispatch(
        setDiagnostics(
          view.state,
          problem
            ? [
                {
                  from: Math.min(problem.from, end),
                  to: Math.min(problem.to, end),
                  severity: 'error',
                  message: problem.message
                }
              ]
            : []
        )
      );
    }
  }, [props.problem, props.code]);

  return (
    <div
      ref={host}
      className="jp-Workload-editor"
      // Escape closes a completion, or lets Tab leave the editor; it must not close the chart.
      onKeyDown={event => event.key === 'Escape' && event.stopPropagation()}
    />
  );
}

const KINDS: Readonly<Record<ICompletion['kind'], string>> = {
  verb: 'method',
  column: 'property',
  function: 'function',
  helper: 'keyword'
};

function complete(
  context: CompletionContext,
  columns: readonly string[],
  trans: ITranslator
): CompletionResult | null {
  const code = context.state.doc.toString();
  const found = completions(code, context.pos, columns, trans);
  if (
    !found ||
    (!context.explicit &&
      found.from === context.pos &&
      !opens(code, context.pos))
  ) {
    return null;
  }
  return {
    from: found.from,
    options: found.options.map(option => ({
      label: option.label,
      apply: option.apply,
      detail: option.detail,
      type: KINDS[option.kind]
    })),
    validFor: /^[\w$]*$/
  };
}

/** Characters after which something is offered before a letter is typed. */
function opens(code: string, position: number): boolean {
  return ['.', "'", '"'].includes(code[position - 1] ?? '');
}
