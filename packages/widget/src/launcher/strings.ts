/** The texts of the launcher while the chat is not there. */
export const launcherStrings = {
  open: 'Open chat',
  loadFailed: 'The chat could not be loaded. Try again',
};
