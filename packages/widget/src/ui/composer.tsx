import { CONTENT_LENGTH } from '../client/text.js';
import { fill } from '../strings.js';
import { type Chat, COMPOSER, excerpt, nameOf } from './chat.js';
import { ChosenFiles } from './chosen-files.js';
import { filesOf, receiveFiles } from './file-transfer.js';
import { IconButton } from './icon-button.js';
import { Icon } from './icons.js';
import { isSendKey } from './keys.js';

/** The counter appears when this many characters are left. */
const COUNT_FROM = 200;

export function Composer(chat: Chat) {
  const { client, state, strings, set } = chat;
  const { draft, replyTo, sending = false } = chat.view;
  const left = CONTENT_LENGTH - draft.length;
  const hasFiles = state.files.length > 0;
  const isEmpty = draft.trim() === '' && !hasFiles;
  const send = (event: Event) => {
    event.preventDefault();
    if (isEmpty || sending) return;
    if (hasFiles) return void sendWithFiles(chat);
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
            <p dir="auto">{excerpt(replyTo)}</p>
          </div>
          <IconButton
            icon="close"
            label={strings.cancel}
            onClick={() => set({ replyTo: undefined }, COMPOSER)}
          />
        </div>
      )}
      <ChosenFiles {...chat} />
      <div class="field">
        {state.uploads && <AttachButton {...chat} />}
        <textarea
          rows={1}
          dir="auto"
          value={draft}
          readOnly={sending}
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
          onPaste={(event) => {
            const files = filesOf(event.clipboardData);
            if (files.length > 0 && receiveFiles(chat, files)) event.preventDefault();
          }}
        />
        <button
          type="submit"
          class="submit"
          disabled={isEmpty}
          aria-disabled={sending}
          aria-label={sending ? strings.sendingFiles : strings.send}
          data-testid="pp-send"
        >
          {sending ? <i class="spinner" /> : <Icon name="send" />}
        </button>
      </div>
      <p class="counter" id="left">
        {left <= COUNT_FROM && fill(strings.charactersLeft, { count: left })}
      </p>
    </form>
  );
}

/** The files may take a while, and the text with them; what fails stays where it is. */
async function sendWithFiles({ client, view, set }: Chat): Promise<void> {
  set({ sending: true });
  const isSent = await client.sendWithFiles(view.draft, view.replyTo?.id);
  const { files } = client.state();
  if (!isSent && files.length > 0) set({ sending: false, stuck: true }, '.is-wrong button');
  else set({ sending: false, ...(isSent && { draft: '', replyTo: undefined, tooMany: false }) }, COMPOSER);
}

function AttachButton(chat: Chat) {
  return (
    <>
      <IconButton
        icon="clip"
        label={chat.strings.attach}
        testId="pp-attach"
        onClick={(event) => (event.currentTarget.nextElementSibling as HTMLInputElement).click()}
      />
      <input
        type="file"
        multiple
        hidden
        data-testid="pp-files"
        onChange={({ currentTarget }) => {
          receiveFiles(chat, [...(currentTarget.files ?? [])]);
          // The same file can be chosen again.
          currentTarget.value = '';
        }}
      />
    </>
  );
}
