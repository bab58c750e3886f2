import { ApiError } from '../telegram/errors.js';
import type { Operator } from '../telegram/operator.js';
import { integer, type Params, text } from '../telegram/params.js';

export interface Done {
  readonly status: number;
  readonly body: unknown;
}

/** What the phone can be asked to do, as `POST /phone/<name>` with these fields as JSON. */
const acts: Readonly<Record<string, (operator: Operator, input: Params) => unknown>> = {
  type: (operator, input) =>
    operator.type(id(input, 'topicId'), text(input, 'text') ?? '', { replyTo: integer(input, 'replyTo') }),
  edit: (operator, input) => operator.edit(id(input, 'messageId'), text(input, 'text') ?? ''),
  delete: (operator, input) => operator.delete(id(input, 'messageId')),
  photo: (operator, input) => operator.sendPhoto(id(input, 'topicId'), text(input, 'caption') ?? ''),
  close: (operator, input) => operator.closeTopic(id(input, 'topicId')),
  reopen: (operator, input) => operator.reopenTopic(id(input, 'topicId')),
  'delete-topic': (operator, input) => operator.deleteTopic(id(input, 'topicId')),
  read: (operator, input) => operator.read(id(input, 'topicId')),
};

/** Does it, or says why not: 404 for an act there is not, 400 for one that cannot be done. */
export function perform(operator: Operator, name: string, input: Params): Done {
  const act = Object.hasOwn(acts, name) ? acts[name] : undefined;
  if (!act) return { status: 404, body: { error: 'there is no such act' } };
  try {
    return { status: 200, body: { result: act(operator, input) ?? null } };
  } catch (error) {
    const why =
      error instanceof ApiError ? error.description : error instanceof Error ? error.message : String(error);
    return { status: 400, body: { error: why } };
  }
}

function id(input: Params, name: string): number {
  const value = integer(input, name);
  if (value === undefined) throw new Error(`${name} is missing`);
  return value;
}
