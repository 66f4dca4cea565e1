import type { IFix } from '../finding';
import type { IRuleContext, IRuleFinding } from '../rule';
import { nameProblems } from './names';
import type { INameProblem } from './names';
import { maybeText, sentences, viaText } from './texts';

/** What a rule says of a name. */
export interface INameSays {
  readonly says: readonly (string | null | undefined)[];
  readonly fix?: IFix;
}

/** The findings of the one rule that speaks of a cause. What only may fail is no error, and nothing to fix. */
export function* nameFindings(
  context: IRuleContext,
  cause: INameProblem['cause'],
  tell: (problem: INameProblem) => INameSays
): Generator<IRuleFinding> {
  for (const problem of nameProblems(context)) {
    if (problem.cause !== cause) {
      continue;
    }
    const { use, isMaybe } = problem;
    const { says, fix } = tell(problem);
    yield {
      cell: use.cell,
      range: use.range,
      name: use.name,
      message: sentences(
        viaText(use, context.trans),
        ...says,
        maybeText(problem, context.trans)
      ),
      ...(isMaybe ? { atMost: 'info' } : fix && { fix })
    };
  }
}
