/**
 * The emulator's answers to this page.
 * @param {readonly string[]} kept names in the page's own query that travel with every request: who holds this phone, and what is on it
 */
export function serverFor(kept) {
  const always = [...new URLSearchParams(location.search)].filter(([name]) => kept.includes(name));

  /**
   * @param {string} path
   * @param {Record<string, string>} [query]
   */
  const address = (path, query = {}) => {
    const parameters = new URLSearchParams([...Object.entries(query), ...always]);
    return parameters.size > 0 ? `phone/${path}?${parameters}` : `phone/${path}`;
  };

  /**
   * @param {string} to
   * @param {string} type
   * @param {BodyInit} body
   */
  const post = async (to, type, body) => {
    const response = await fetch(to, { method: 'POST', headers: { 'content-type': type }, body }).catch(
      () => {
        throw new Error('No connection. Try again in a moment.');
      },
    );
    if (!response.ok)
      throw new Error((await response.json().catch(() => ({}))).error ?? 'That did not work.');
  };

  /**
   * Follows what happens; reconnects by itself.
   * @param {Record<string, (content: any) => void>} listeners by what they are told of
   * @param {() => void} lost the line is broken; `hello` tells that it is back
   */
  const follow = (listeners, lost) => {
    const source = new EventSource(address('stream'));
    source.onerror = () => {
      lost();
      if (source.readyState === EventSource.CLOSED) setTimeout(() => follow(listeners, lost), 2000);
    };
    for (const [name, listener] of Object.entries(listeners)) {
      source.addEventListener(name, (event) => listener(JSON.parse(event.data)));
    }
  };

  return {
    address,
    follow,
    /**
     * @param {string} path
     * @param {Record<string, string>} query
     */
    ask: async (path, query) => (await fetch(address(path, query))).json(),
    /**
     * Does something as this phone's owner.
     * @param {string} name
     * @param {Record<string, unknown>} input
     * @throws Error with what to tell the person
     */
    act: (name, input) => post(address(name), 'application/json', JSON.stringify(input)),
    /**
     * Sends files together as this phone's owner.
     * @param {readonly File[]} files
     * @param {Record<string, string>} input what else there is to say of them
     * @throws Error with what to tell the person
     */
    sendFiles: (files, input) => {
      const list = JSON.stringify(files.map(({ name, type, size }) => ({ name, type, size })));
      return post(
        address('file', { ...input, files: list }),
        'application/octet-stream',
        new Blob([...files]),
      );
    },
  };
}
