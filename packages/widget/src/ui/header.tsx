import type { Chat } from './chat.js';
import { IconButton } from './icon-button.js';
import { Icon } from './icons.js';
import { onEscape } from './keys.js';

export function Header({ client, state, view, strings, title, set }: Chat) {
  const { presence } = state;
  return (
    <div class="header">
      <div class="who">
        <h2>{title}</h2>
        {presence && (
          <p data-testid="pp-presence" data-online={presence.online}>
            <i />
            {presence.online ? strings.online : strings.away}
          </p>
        )}
      </div>
      {state.sessionId && (
        // biome-ignore lint/a11y/noStaticElementInteractions: it watches the focus of the buttons inside
        <div
          class="menu"
          // Safari gives a clicked button's focus to what is around it, which must not close the menu.
          tabIndex={-1}
          onKeyDown={view.menu ? onEscape(() => set({ menu: false }, '.menu .plain')) : undefined}
          onFocusOut={(event) => {
            if (!event.currentTarget.contains(event.relatedTarget as Node | null)) set({ menu: false });
          }}
        >
          <button
            type="button"
            class="plain"
            data-testid="pp-menu"
            aria-label={strings.menu}
            aria-haspopup="menu"
            aria-expanded={view.menu === true}
            onClick={() => (view.menu ? set({ menu: false }) : set({ menu: true }, '.popover button'))}
          >
            <Icon name="more" />
          </button>
          {view.menu && (
            <div class="popover" role="menu">
              <button
                type="button"
                role="menuitem"
                data-testid="pp-end"
                onClick={() => set({ menu: false, confirming: true }, '.sheet button:last-child')}
              >
                {strings.end}
              </button>
            </div>
          )}
        </div>
      )}
      <IconButton icon="close" label={strings.close} testId="pp-close" onClick={client.close} />
    </div>
  );
}
