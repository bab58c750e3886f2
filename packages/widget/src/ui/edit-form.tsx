import { CONTENT_LENGTH } from '../client/text.js';
import { type Chat, rowSelector } from './chat.js';
import { isSendKey, onEscape } from './keys.js';
import type { MessageRow } from './rows.js';

/** A message of the visitor's, being changed in place. */
export function EditForm({ client, strings, view, set, attempt, row }: Chat & { row: MessageRow }) {
  const editing = view.editing!;
  const { text, saving = false } = editing;
  const stop = () => set({ editing: undefined }, rowSelector(row.key));
  const save = async (event: Event) => {
    event.preventDefault();
    if (saving || text.trim() === '') return;
    if (text.trim() === row.content) return stop();
    set({ editing: { ...editing, saving: true } });
    if (await attempt(client.editMessage(row.id!, text))) stop();
    else set({ editing });
  };
  return (
    <form class="editing" onSubmit={save} onKeyDown={onEscape(stop)}>
      <textarea
        rows={1}
        dir="auto"
        value={text}
        readOnly={saving}
        maxLength={CONTENT_LENGTH}
        aria-label={strings.edit}
        data-testid="pp-edit-field"
        onInput={({ currentTarget }) => set({ editing: { ...editing, text: currentTarget.value } })}
        onKeyDown={(event) => isSendKey(event) && save(event)}
      />
      <div>
        <button type="button" data-testid="pp-edit-cancel" onClick={stop}>
          {strings.cancel}
        </button>
        <button type="submit" class="save" data-testid="pp-edit-save" disabled={saving || text.trim() === ''}>
          {strings.save}
        </button>
      </div>
    </form>
  );
}
