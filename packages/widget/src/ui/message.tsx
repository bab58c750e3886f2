import { Actions } from './actions.js';
import { Attachments } from './attachments.js';
import { type Chat, COMPOSER, excerpt, initial, LOG, nameOf, rowSelector } from './chat.js';
import { timeOfDay } from './dates.js';
import { EditForm } from './edit-form.js';
import { Ticks } from './icons.js';
import type { MessageRow } from './rows.js';
import { Text } from './text.js';

type Props = Chat & { row: MessageRow };

export function Message(props: Props) {
  const { row, view, set } = props;
  const { key, sender, status } = row;
  const marks = {
    'data-testid': 'pp-message',
    'data-sender': sender,
    'data-status': status,
    'data-id': row.id,
  };
  if (sender === 'system') {
    return (
      <p class="hint" dir="auto" {...marks} data-key={key} tabIndex={-1}>
        <Text text={row.content} />
      </p>
    );
  }
  const isMine = sender === 'visitor';
  const name = nameOf(row, props);
  const flags = `${row.starts ? ' starts' : ''}${row.deleted ? ' is-deleted' : ''}`;
  const activate = () => set({ active: key });
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: they only bring up the buttons inside
    <div
      class={`message ${isMine ? 'is-mine' : 'is-team'}${flags}`}
      {...marks}
      data-key={key}
      tabIndex={-1}
      onFocusIn={activate}
      // A tap is a mouse, too: it enters, and leaves when something else is tapped.
      onMouseEnter={activate}
      onMouseLeave={({ currentTarget }) => {
        if (view.active === key && !currentTarget.matches(':focus-within')) set({ active: undefined });
      }}
    >
      {!isMine && (
        <span class="avatar" aria-hidden="true">
          {row.ends && initial(name)}
        </span>
      )}
      <div class="column">
        {row.starts && <span class={isMine ? 'unseen' : 'name'}>{name}</span>}
        {view.editing?.key === key ? (
          <>
            {hasFiles(row) && (
              <div class="bubble has-files">
                <Attachments {...props} />
              </div>
            )}
            <EditForm {...props} />
          </>
        ) : (
          <Bubble {...props} />
        )}
      </div>
    </div>
  );
}

function Bubble(props: Props) {
  const { row, client, strings, view, set, attempt } = props;
  const { key, id } = row;
  return (
    <>
      <div class={hasFiles(row) ? 'bubble has-files' : 'bubble'}>
        {row.replyTo && !row.deleted && <Quote {...props} />}
        {hasFiles(row) && <Attachments {...props} />}
        {(row.content || row.deleted) && (
          <div dir="auto">{row.deleted ? strings.deleted : <Text text={row.content} />}</div>
        )}
        {id && !row.deleted && view.active === key && (
          <Actions
            strings={strings}
            onReply={() => set({ replyTo: row }, COMPOSER)}
            {...(row.status && {
              onEdit: () => set({ editing: { key, text: row.content } }, '.editing textarea'),
              onRemove: () => {
                // The buttons go with the text, and the focus would with them.
                set({}, rowSelector(key));
                void attempt(client.deleteMessage(id));
              },
            })}
          />
        )}
      </div>
      <Meta {...props} />
    </>
  );
}

const hasFiles = ({ deleted, attachments }: MessageRow): boolean => !deleted && !!attachments?.length;

/** When it was said, and what became of it. */
function Meta({ row, client, strings, set }: Props) {
  const { key, status } = row;
  const isStuck = status === 'failed' || status === 'waiting';
  if (!row.ends && !isStuck && !row.edited) return null;
  return (
    <span class="meta">
      {row.edited && !row.deleted && <span>{strings.edited}</span>}
      <time dir="auto" dateTime={row.at.toISOString()}>
        {timeOfDay(row.at)}
      </time>
      {status === 'failed' && (
        <>
          <span class="error">{strings.failed}</span>
          <button
            type="button"
            data-testid="pp-retry"
            onClick={() => {
              client.retry(key);
              set({}, rowSelector(key));
            }}
          >
            {strings.retry}
          </button>
        </>
      )}
      {isStuck && (
        <button
          type="button"
          data-testid="pp-delete"
          onClick={() => {
            client.discard(key);
            set({}, LOG);
          }}
        >
          {strings.remove}
        </button>
      )}
      {status && status !== 'failed' && !row.deleted && <Ticks status={status} label={strings[status]} />}
    </span>
  );
}

/** What the message answers. */
function Quote(chat: Props) {
  const { row, rows, strings } = chat;
  const quoted = rows.find((other) => other.id === row.replyTo);
  const text = quoted?.deleted ? strings.deleted : quoted && excerpt(quoted);
  return (
    <blockquote>
      {quoted && <b>{nameOf(quoted, chat)}</b>}
      <span dir="auto">{text ?? strings.earlierMessage}</span>
    </blockquote>
  );
}
