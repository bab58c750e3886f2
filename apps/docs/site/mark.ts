const COLOUR = '#0f6b5c';

/** The widget's bubble, as an address that needs no request. */
export const MARK = `data:image/svg+xml,${encodeURIComponent(
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><circle cx="16" cy="16" r="16" fill="${COLOUR}"/><path d="M9 10h14v9h-7l-4 3v-3H9z" fill="#fff" stroke="#fff" stroke-width="2" stroke-linejoin="round"/></svg>`,
)}`;
