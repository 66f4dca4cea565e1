import { isObject } from '../workload/json';

/** A refusal of our server half, or of what is in front of it. */
export class AnswerError extends Error {
  constructor(
    message: string,
    readonly status: number
  ) {
    super(message);
  }
}

/**
 * The JSON that our server half answered.
 *
 * @throws AnswerError with the sentence that the server half gave, or with the status where there is none.
 */
export async function readAnswer(response: Response): Promise<unknown> {
  let answer: unknown = null;
  try {
    answer = await response.json();
  } catch {
    // An answer without JSON is none of ours: a proxy, perhaps.
  }
  if (response.ok) {
    return answer;
  }
  throw new AnswerError(
    isObject(answer) &&
      typeof answer.message === 'string' &&
      answer.message !== ''
      ? answer.message
      : `The Jupyter server answers ${response.status}. Try again, or ask whoever runs it.`,
    response.status
  );
}
