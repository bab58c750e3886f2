import { type ComponentChildren, Fragment } from 'preact';
import { fill } from '../strings.js';
import { type Chat, initial, LOG, rowSelector } from './chat.js';
import { dayName } from './dates.js';
import { Icon } from './icons.js';
import { Message } from './message.js';
import { Notice } from './notice.js';
import { Notifications } from './notifications.js';

export function Log(chat: Chat) {
  const { state, view, rows, strings, operatorName, set } = chat;
  const typist = state.typing && (state.typing.name ?? operatorName);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const target = event.target as HTMLElement;
    if (!step || (target !== event.currentTarget && !target.dataset.key)) return;
    const index = rows.findIndex((row) => row.key === target.dataset.key);
    const next = rows[index < 0 ? rows.length - 1 : index + step];
    if (!next) return;
    event.preventDefault();
    set({ active: next.key }, rowSelector(next.key));
  };
  return (
    <div class="body">
      <Notice {...chat} />
      <Notifications {...chat} />
      <div
        class="log"
        role="log"
        aria-live="polite"
        aria-busy={state.loadingOlder}
        aria-label={strings.conversation}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        onScroll={chat.onLogScroll}
        onKeyDown={onKeyDown}
      >
        {state.hasMore ? (
          <p class="hint">{state.loadingOlder && strings.loadingOlder}</p>
        ) : (
          <div class="introduction">
            <h3>{strings.greeting}</h3>
            <p>{strings.introduction}</p>
          </div>
        )}
        {!state.hasMore && state.welcomeMessage && (
          <Aside name={operatorName}>
            <div class="bubble" dir="auto">
              {state.welcomeMessage}
            </div>
          </Aside>
        )}
        {rows.map((row) => (
          <Fragment key={row.key}>
            {row.newDay && <p class="day">{dayName(row.at, strings)}</p>}
            <Message {...chat} row={row} />
          </Fragment>
        ))}
        {state.closed && (
          <p class="hint">{state.closed === 'team' ? strings.closedByTeam : strings.endedByYou}</p>
        )}
        {typist && (
          <Aside name={typist}>
            <div class="bubble typing" data-testid="pp-typing">
              <i />
              <i />
              <i />
              <span class="unseen">{fill(strings.typing, { name: typist })}</span>
            </div>
          </Aside>
        )}
      </div>
      {view.behind && (
        <button
          type="button"
          class="latest"
          aria-label={strings.latest}
          onClick={() => {
            chat.goToEnd();
            set({}, LOG);
          }}
        >
          <Icon name="send" />
        </button>
      )}
    </div>
  );
}

/** Something of the team's that is no message of the log. */
const Aside = ({ name, children }: { name: string; children: ComponentChildren }) => (
  <div class="message is-team starts ends">
    <span class="avatar" aria-hidden="true">
      {initial(name)}
    </span>
    <div class="column">{children}</div>
  </div>
);
