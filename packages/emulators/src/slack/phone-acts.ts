import type { Done } from '../phone/acts.js';
import type { Params } from '../telegram/params.js';
import type { SlackOperator } from './operator.js';

/** What the phone can be asked to do, as `POST /phone/<name>` with these fields as JSON. */
const acts: Readonly<Record<string, (operator: SlackOperator, input: Params) => unknown>> = {
  say: (operator, input) => operator.say(words(input)),
  type: (operator, input) => operator.type(ts(input, 'threadTs'), words(input)),
  edit: (operator, input) => operator.edit(ts(input), words(input)),
  delete: (operator, input) => operator.delete(ts(input)),
  react: (operator, input) => operator.react(ts(input), String(input.name ?? '')),
  share: (operator, input) => operator.share(ts(input, 'threadTs'), 'photo.png', words(input)),
  read: (operator, input) => operator.read(ts(input, 'threadTs')),
};

/** Does it, or says why not: 404 for an act there is not, 400 for one that cannot be done. */
export function perform(operator: SlackOperator, name: string, input: Params): Done {
  const act = Object.hasOwn(acts, name) ? acts[name] : undefined;
  if (!act) return { status: 404, body: { error: 'there is no such act' } };
  try {
    return { status: 200, body: { result: act(operator, input) ?? null } };
  } catch (error) {
    return { status: 400, body: { error: error instanceof Error ? error.message : String(error) } };
  }
}

const words = (input: Params): string => (typeof input.text === 'string' ? input.text : '');

function ts(input: Params, name = 'ts'): string {
  const value = input[name];
  if (typeof value !== 'string') throw new Error(`${name} is missing`);
  return value;
}
