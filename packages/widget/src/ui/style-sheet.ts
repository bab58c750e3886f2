/** Constructable style sheets are exempt from a Content-Security-Policy's style-src; browsers without them get an element. */
export function addStyleSheet(shadow: ShadowRoot, styles: string): void {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(styles);
    shadow.adoptedStyleSheets = [...shadow.adoptedStyleSheets, sheet];
  } catch {
    const element = document.createElement('style');
    element.textContent = styles;
    shadow.append(element);
  }
}
