import type { Strings } from '../strings.js';
import { onEscape } from './keys.js';

/** Asks before the conversation is over. */
export const ConfirmEnd = (props: { strings: Strings; onCancel(): void; onEnd(): void }) => (
  <div
    class="confirm"
    role="alertdialog"
    aria-modal="true"
    aria-label={props.strings.endTitle}
    onKeyDown={onEscape(props.onCancel)}
  >
    <div class="sheet">
      <h2>{props.strings.endTitle}</h2>
      <button type="button" class="danger" data-testid="pp-end-confirm" onClick={props.onEnd}>
        {props.strings.end}
      </button>
      <button type="button" data-testid="pp-end-cancel" onClick={props.onCancel}>
        {props.strings.cancel}
      </button>
    </div>
  </div>
);
