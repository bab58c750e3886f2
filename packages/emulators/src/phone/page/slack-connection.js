/**
 * @typedef {import('../../slack/phone-stream.js').PhoneSlackMessage} PhoneSlackMessage
 * @typedef {import('../../slack/snapshot.js').SlackSeen} SlackSeen
 * @typedef {import('../../slack/snapshot.js').SlackPerson} SlackPerson
 * @typedef {{ team: string, channel: { id: string, name: string, isArchived: boolean }, me: SlackPerson, people: SlackPerson[], messages: PhoneSlackMessage[] }} Hello
 */

/** Who holds this phone, and which channel is on it, travels with every request. */
const kept = [...new URLSearchParams(location.search)].filter(
  ([name]) => name === 'as' || name === 'channel',
);

/**
 * @param {string} path
 * @param {Record<string, string>} [query]
 */
const address = (path, query = {}) => {
  const parameters = new URLSearchParams([...Object.entries(query), ...kept]);
  return parameters.size > 0 ? `phone/${path}?${parameters}` : `phone/${path}`;
};

/**
 * Follows what happens; reconnects by itself.
 * @param {{ hello: (hello: Hello) => void, message: (message: PhoneSlackMessage) => void }} listeners
 * @param {() => void} lost tells when the line breaks; `hello` tells that it is back
 */
export function follow(listeners, lost) {
  const source = new EventSource(address('stream'));
  source.onerror = () => {
    lost();
    if (source.readyState === EventSource.CLOSED) setTimeout(() => follow(listeners, lost), 2000);
  };
  source.addEventListener('hello', (event) => listeners.hello(JSON.parse(event.data)));
  source.addEventListener('message', (event) => listeners.message(JSON.parse(event.data)));
}

/**
 * A thread, its first message at the head.
 * @param {string} ts
 * @returns {Promise<SlackSeen[]>}
 */
export async function threadOf(ts) {
  const response = await fetch(address('thread', { ts }));
  return (await response.json()).messages;
}

/**
 * Does something as this phone's owner.
 * @param {'say' | 'type' | 'edit' | 'delete' | 'react' | 'read'} name
 * @param {Record<string, unknown>} input
 * @throws Error with what to tell the person
 */
export async function act(name, input) {
  await done(
    fetch(address(name), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(input),
    }),
  );
}

/** Where the page gets a file. @param {string} id */
export const fileAt = (id) => address('file', { id });

/**
 * Shares files in one message as this phone's owner.
 * @param {string} threadTs
 * @param {readonly File[]} files
 * @throws Error with what to tell the person
 */
export const share = (threadTs, files) => {
  const list = JSON.stringify(files.map(({ name, type, size }) => ({ name, type, size })));
  return done(
    fetch(address('file', { threadTs, files: list }), {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: new Blob([...files]),
    }),
  );
};

/** @param {Promise<Response>} asked */
async function done(asked) {
  const response = await asked.catch(() => {
    throw new Error('No connection. Try again in a moment.');
  });
  if (!response.ok) throw new Error((await response.json().catch(() => ({}))).error ?? 'That did not work.');
}
