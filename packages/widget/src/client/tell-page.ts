/** What the page's own code throws is the page's business, and ends no connection. */
export function tellPage(tell: () => void): void {
  try {
    tell();
  } catch (error) {
    console.error(error);
  }
}
