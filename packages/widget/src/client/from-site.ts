import type { WireEvent, WireMessage } from '@pocketping/protocol';
import type { ChatState, Prompt } from './state.js';

/** Notices in sight at once; the oldest makes room. */
const MOST_NOTIFICATIONS = 3;

/** The state once the site told the visitor something: `title` and `message`, of which one is enough. */
export function notified({ notifications }: ChatState, { data = {} }: WireEvent): Partial<ChatState> {
  const [title, message] = [textOf(data.title), textOf(data.message)];
  if (!title && !message) return {};
  const key = (notifications.at(-1)?.key ?? 0) + 1;
  return { notifications: [...notifications, { key, title, message }].slice(-MOST_NOTIFICATIONS) };
}

/** The state once the page put words into the team's mouth. Said twice in a row they are said once. */
export function prompted(
  { prompts, messages, sessionId }: ChatState,
  content: string,
  at: number,
): Partial<ChatState> {
  const after = sessionId === undefined ? undefined : lastSeq(messages);
  const last = prompts.at(-1);
  return last?.content === content && last.after === after
    ? {}
    : { prompts: [...prompts, { content, at, after }] };
}

/** They stand where the conversation was, now that it is known. */
export const placed = (
  { prompts, sessionId }: ChatState,
  connected: { readonly sessionId: string; readonly messages: readonly WireMessage[] },
): Prompt[] =>
  sessionId && sessionId !== connected.sessionId
    ? []
    : prompts.map((prompt) => ({ ...prompt, after: prompt.after ?? lastSeq(connected.messages) }));

const lastSeq = (messages: readonly WireMessage[]): number => messages.at(-1)?.seq ?? 0;

const textOf = (value: unknown): string | undefined =>
  (typeof value === 'string' && value.trim()) || undefined;
