import { type Acts, type Done, performing } from '../phone/screen.js';
import type { Params } from '../telegram/params.js';
import type { SlackOperator } from './operator.js';

/** What the phone can be asked to do, as `POST /phone/<name>` with these fields as JSON. */
const acts: Acts<SlackOperator> = {
  say: (operator, input) => operator.say(words(input)),
  type: (operator, input) => operator.type(ts(input, 'threadTs'), words(input)),
  edit: (operator, input) => operator.edit(ts(input), words(input)),
  delete: (operator, input) => operator.delete(ts(input)),
  react: (operator, input) => operator.react(ts(input), String(input.name ?? '')),
  read: (operator, input) => operator.read(ts(input, 'threadTs')),
};

/** Does it, or says why not: 404 for an act there is not, 400 for one that cannot be done. */
export const perform = (operator: SlackOperator, name: string, input: Params): Done =>
  performing(acts, operator, name, input);

const words = (input: Params): string => (typeof input.text === 'string' ? input.text : '');

function ts(input: Params, name = 'ts'): string {
  const value = input[name];
  if (typeof value !== 'string') throw new Error(`${name} is missing`);
  return value;
}
