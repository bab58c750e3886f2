import type { Strings } from '../strings.js';
import { IconButton } from './icon-button.js';

interface Props {
  strings: Strings;
  onReply(): void;
  /** Of the visitor's own messages. */
  onEdit?: () => void;
  onRemove?: () => void;
}

/** What can be done with a message. */
export const Actions = ({ strings, onReply, onEdit, onRemove }: Props) => (
  <div class="actions">
    <IconButton icon="reply" label={strings.reply} testId="pp-reply" onClick={onReply} />
    {onEdit && <IconButton icon="edit" label={strings.edit} testId="pp-edit" onClick={onEdit} />}
    {onRemove && <IconButton icon="remove" label={strings.remove} testId="pp-delete" onClick={onRemove} />}
  </div>
);
