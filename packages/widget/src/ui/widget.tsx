import type { TargetedKeyboardEvent } from 'preact';
import { unreadMessages } from '../client/state.js';
import { fill } from '../strings.js';
import { type Chat, COMPOSER } from './chat.js';
import { Composer } from './composer.js';
import { ConfirmEnd } from './confirm-end.js';
import { DropZone, dropTarget } from './drop-zone.js';
import { Header } from './header.js';
import { Icon } from './icons.js';
import { onEscape } from './keys.js';
import { Log } from './log.js';
import { Notifications } from './notifications.js';

const MOST_SHOWN = 99;

/** The launcher and, while it is open, the window. */
export function Widget(chat: Chat) {
  const { client, state, strings } = chat;
  const unread = state.open ? 0 : unreadMessages(state).length;
  const label = unread > 0 ? fill(strings.openUnread, { count: unread }) : strings.open;
  return (
    <>
      {state.open ? <ChatWindow {...chat} /> : <Notifications {...chat} />}
      <button
        type="button"
        class={state.open ? 'launcher is-open' : 'launcher'}
        data-testid="pp-launcher"
        aria-label={state.open ? strings.close : label}
        aria-haspopup="dialog"
        aria-expanded={state.open}
        onClick={() => (state.open ? client.close() : client.open())}
      >
        <Icon name={state.open ? 'down' : 'chat'} />
        {unread > 0 && (
          <span class="badge" data-testid="pp-badge" aria-hidden="true">
            {unread > MOST_SHOWN ? `${MOST_SHOWN}+` : unread}
          </span>
        )}
      </button>
    </>
  );
}

function ChatWindow(chat: Chat) {
  // Must match the style sheet: the window fills the screen.
  const isPhone = matchMedia('(max-width: 480px)').matches;
  const close = onEscape(() => chat.client.close());
  return (
    <div
      class="window"
      role="dialog"
      aria-label={chat.title}
      aria-modal={isPhone}
      tabIndex={-1}
      data-testid="pp-window"
      {...dropTarget(chat)}
      onKeyDown={(event) => {
        close(event);
        // By its number: to WebKitGTK it has no name together with Shift.
        if (isPhone && event.keyCode === 9 && event.shiftKey) stayInside(event);
      }}
    >
      <div class="content" inert={chat.view.confirming === true}>
        <Header {...chat} />
        <Log {...chat} />
        <Composer {...chat} />
      </div>
      {chat.view.dropping && <DropZone strings={chat.strings} />}
      {chat.view.confirming && (
        <ConfirmEnd
          strings={chat.strings}
          onCancel={() => chat.set({ confirming: false }, COMPOSER)}
          onEnd={() => {
            chat.set({ confirming: false, replyTo: undefined, editing: undefined }, COMPOSER);
            void chat.attempt(chat.client.endConversation());
          }}
        />
      )}
    </div>
  );
}

/** Nothing comes after the window in the page; what comes before it is behind it and cannot be seen. */
function stayInside(event: TargetedKeyboardEvent<HTMLElement>): void {
  const dialog = event.currentTarget;
  if (event.target === dialog || event.target === dialog.querySelector('button')) event.preventDefault();
}
