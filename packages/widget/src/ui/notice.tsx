import type { Chat } from './chat.js';

/** What is wrong with the connection, or with the last thing the visitor asked for. */
export function Notice(chat: Chat) {
  const { client, state, strings } = chat;
  const text = problemOf(chat);
  return (
    <div role="status">
      {text && (
        // An outage of a second is nobody's business: the style sheet lets `patient` notices wait.
        <p class={text === strings.reconnecting ? 'notice patient' : 'notice'} data-testid="pp-notice">
          {text}{' '}
          {state.link === 'refused' && (
            <button type="button" onClick={() => client.open()}>
              {strings.retry}
            </button>
          )}
        </p>
      )}
    </div>
  );
}

function problemOf({ state, view, strings }: Chat): string | undefined {
  if (view.problem) return strings.changeFailed;
  if (state.link === 'refused') return strings.unavailable;
  if (!state.online && state.link !== 'live') return strings.offline;
  return state.link === 'lost' ? strings.reconnecting : undefined;
}
