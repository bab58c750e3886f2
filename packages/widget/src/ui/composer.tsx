import { CONTENT_LENGTH } from '../client/text.js';
import { fill } from '../strings.js';
import { type Chat, COMPOSER, nameOf } from './chat.js';
import { IconButton } from './icon-button.js';
import { Icon } from './icons.js';
import { isSendKey } from './keys.js';

/** The counter appears when this many characters are left. */
const COUNT_FROM = 200;

export function Composer(chat: Chat) {
  const { client, strings, set } = chat;
  const { draft, replyTo } = chat.view;
  const left = CONTENT_LENGTH - draft.length;
  const isEmpty = draft.trim() === '';
  const send = (event: Event) => {
    event.preventDefault();
    if (isEmpty) return;
    // What becomes of it is shown at the message.
    void client.sendMessage(draft, replyTo?.id);
    set({ draft: '', replyTo: undefined }, COMPOSER);
  };
  return (
    <form class="composer" onSubmit={send}>
      {replyTo && (
        <div class="replying">
          <div>
            <b>{fill(strings.replyingTo, { name: nameOf(replyTo, chat) })}</b>
            <p dir="auto">{replyTo.content}</p>
          </div>
          <IconButton
            icon="close"
            label={strings.cancel}
            onClick={() => set({ replyTo: undefined }, COMPOSER)}
          />
        </div>
      )}
      <div class="field">
        <textarea
          rows={1}
          dir="auto"
          value={draft}
          maxLength={CONTENT_LENGTH}
          placeholder={strings.placeholder}
          aria-label={strings.placeholder}
          aria-describedby="left"
          enterkeyhint="send"
          data-testid="pp-composer"
          onInput={({ currentTarget: { value } }) => {
            set({ draft: value });
            client.typed(value);
          }}
          onKeyDown={(event) => isSendKey(event) && send(event)}
        />
        <button
          type="submit"
          class="submit"
          disabled={isEmpty}
          aria-label={strings.send}
          data-testid="pp-send"
        >
          <Icon name="send" />
        </button>
      </div>
      <p class="counter" id="left">
        {left <= COUNT_FROM && fill(strings.charactersLeft, { count: left })}
      </p>
    </form>
  );
}
