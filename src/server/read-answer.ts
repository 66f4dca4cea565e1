import { isObject } from '../workload/json';

/**
 * The JSON that our server half answered.
 *
 * @throws Error with the sentence that the server half gave, or with the status where there is none.
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
  throw new Error(
    isObject(answer) &&
      typeof answer.message === 'string' &&
      answer.message !== ''
      ? answer.message
      : `The Jupyter server answers ${response.status}. Try again, or ask whoever runs it.`
  );
}
