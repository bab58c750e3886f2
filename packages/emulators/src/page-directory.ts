/**
 * The phone page's files, which are served as they are. This module sits directly in `src` because its code ends up
 * directly in `dist`: from both, the way to the files is the same.
 */
export const pageDirectory = new URL('../src/phone/page/', import.meta.url);
