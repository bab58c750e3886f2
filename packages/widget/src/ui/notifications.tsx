import { type Chat, COMPOSER } from './chat.js';
import { IconButton } from './icon-button.js';
import { Text } from './text.js';

/** What the site tells the visitor: above the launcher, or at the top of the window where that is open. */
export const Notifications = ({ client, state, strings, set }: Chat) => (
  // Always there, so that what appears in it is read out.
  <div class="notifications" role="status">
    {state.notifications.map(({ key, title, message }) => (
      <div key={key} class="notification" data-testid="pp-notification">
        <div dir="auto">
          {title && <b>{title}</b>}
          {message && (
            <p>
              <Text text={message} />
            </p>
          )}
        </div>
        <IconButton
          icon="close"
          label={strings.dismiss}
          testId="pp-dismiss"
          onClick={() => {
            client.dismiss(key);
            set({}, state.open ? COMPOSER : '.launcher');
          }}
        />
      </div>
    ))}
  </div>
);
