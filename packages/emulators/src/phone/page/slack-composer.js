import { el, icon } from './dom.js';

/** @typedef {import('./slack-connection.js').SlackPerson} SlackPerson */
/** @typedef {import('./slack-message.js').Shown} Shown */

/**
 * Where somebody writes.
 * @param {HTMLElement} holder
 * @param {object} options
 * @param {string} options.label
 * @param {(words: string, editing: Shown | undefined) => Promise<boolean>} options.send resolves with whether it went out
 * @param {() => readonly SlackPerson[]} options.people whom one can mention
 * @param {(files: readonly File[]) => void} [options.share]
 */
export function composer(holder, { label, send, people, share }) {
  const text = el('textarea', {
    rows: '1',
    placeholder: label,
    'aria-label': label,
    'data-testid': 'phone-composer',
  });
  const button = el(
    'button',
    { type: 'submit', class: 'send', 'aria-label': 'Send', 'data-testid': 'phone-send' },
    icon('send'),
  );
  const offers = el('div', { class: 'offers', role: 'listbox', 'aria-label': 'People', hidden: true });
  const notice = el('div', { class: 'notice', hidden: true, 'data-testid': 'phone-context' });
  const plus = el(
    'button',
    { type: 'button', class: 'plus', 'aria-label': 'Share files', 'data-testid': 'phone-attach' },
    icon('attach'),
  );
  plus.hidden = share === undefined;
  const picker = el('input', {
    type: 'file',
    multiple: true,
    hidden: true,
    'aria-label': 'Files to share',
    'data-testid': 'phone-file-input',
  });
  plus.addEventListener('click', () => picker.click());
  picker.addEventListener('change', () => {
    share?.([...(picker.files ?? [])]);
    // So that the same file can be chosen once more.
    picker.value = '';
  });
  const form = el(
    'form',
    { autocomplete: 'off' },
    offers,
    notice,
    el('div', { class: 'line' }, picker, plus, text, button),
  );
  holder.replaceChildren(form);

  /** @type {Shown | undefined} */
  let editing;
  const fill = (/** @type {string} */ words) => {
    text.value = words;
    changed();
  };
  const about = (/** @type {Shown | undefined} */ message) => {
    editing = message;
    notice.hidden = message === undefined;
    const cancel = el('button', { type: 'button', class: 'round', 'aria-label': 'Cancel' }, icon('close'));
    cancel.addEventListener('click', clear);
    notice.replaceChildren(icon('edit'), el('span', {}, 'Edit message'), cancel);
  };
  const clear = () => {
    about(undefined);
    fill('');
  };
  const submit = async () => {
    const [words, meant] = [text.value.trim(), editing];
    if (words === '') return;
    clear();
    if (await send(words, meant)) return;
    about(meant);
    fill(words);
  };
  const changed = () => {
    text.style.height = 'auto';
    text.style.height = `${Math.min(text.scrollHeight, 118)}px`;
    form.classList.toggle('ready', text.value.trim() !== '');
    offer();
  };
  const offer = () => {
    const typed = /(?:^|\s)@([\p{L}\p{N}]*)$/u.exec(text.value.slice(0, text.selectionStart))?.[1];
    const fitting =
      typed === undefined
        ? []
        : people().filter(({ name }) => name.toLowerCase().startsWith(typed.toLowerCase()));
    offers.hidden = fitting.length === 0;
    offers.replaceChildren(...fitting.map((person, index) => option(person, index, typed ?? '')));
  };
  const option = (
    /** @type {SlackPerson} */ person,
    /** @type {number} */ index,
    /** @type {string} */ typed,
  ) => {
    const node = el(
      'div',
      { role: 'option', 'aria-selected': String(index === 0), 'data-testid': 'phone-mention' },
      el('b', {}, person.name),
      person.isBot && el('span', { class: 'app' }, 'APP'),
    );
    node.addEventListener('pointerdown', (event) => {
      event.preventDefault();
      take(person, typed);
    });
    return node;
  };
  const take = (/** @type {SlackPerson} */ person, /** @type {string} */ typed) => {
    const at = text.selectionStart - typed.length;
    fill(`${text.value.slice(0, at)}${person.name} ${text.value.slice(text.selectionStart)}`);
    text.focus();
  };

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void submit();
  });
  text.addEventListener('input', changed);
  text.addEventListener('keydown', (event) => {
    if (event.isComposing) return;
    if (!offers.hidden && (event.key === 'Tab' || event.key === 'Enter')) {
      event.preventDefault();
      offers.firstElementChild?.dispatchEvent(new Event('pointerdown', { cancelable: true }));
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      void submit();
    } else if (event.key === 'Escape' && (editing || !offers.hidden)) {
      event.stopPropagation();
      if (offers.hidden) clear();
      offers.hidden = true;
    }
  });
  return {
    clear,
    focus: () => text.focus({ preventScroll: true }),
    edit: (/** @type {Shown} */ message) => {
      about(message);
      fill(message.text);
      text.focus();
    },
    /** The message that is edited may go away under it. */
    forget: (/** @type {string} */ ts) => editing?.ts === ts && clear(),
    disable: (/** @type {boolean} */ off) => {
      text.disabled = off;
      text.placeholder = off ? 'This channel is archived' : label;
    },
  };
}
