/** E.g. `Chrome 126 on Windows`; undefined when nothing in it is familiar. */
export const describeUserAgent = (userAgent: string): string | undefined => {
  const browser = BROWSERS.find(([, pattern]) => pattern.test(userAgent));
  const system = SYSTEMS.find(([, pattern]) => pattern.test(userAgent))?.[0];
  const version = browser?.[1].exec(userAgent)?.[1];
  const name = browser && (version ? `${browser[0]} ${version}` : browser[0]);
  return name && system ? `${name} on ${system}` : (name ?? system);
};

type Table = readonly (readonly [name: string, pattern: RegExp])[];

/** In this order, because most browsers also claim to be the ones below them. The first group is the major version. */
const BROWSERS: Table = [
  ['Edge', /\b(?:Edge|Edg|EdgA|EdgiOS)\/(\d+)/],
  ['Opera', /\b(?:OPR|Opera|OPT)\/(\d+)/],
  ['Samsung Internet', /\bSamsungBrowser\/(\d+)/],
  ['Yandex Browser', /\bYaBrowser\/(\d+)/],
  ['Vivaldi', /\bVivaldi\/(\d+)/],
  ['UC Browser', /\bUCBrowser\/(\d+)/],
  ['DuckDuckGo', /\b(?:DuckDuckGo|Ddg)\/(\d+)/],
  ['Facebook app', /\bFBA[NV]\/(?:[^;\]]*?(\d+))?/],
  ['Instagram app', /\bInstagram (\d+)/],
  ['Firefox', /\b(?:Firefox|FxiOS)\/(\d+)/],
  ['Chrome', /\b(?:HeadlessChrome|Chrome|CriOS)\/(\d+)/],
  ['Safari', /\bVersion\/(\d+)[\d.]*(?: Mobile\/\w+)? Safari\//],
  ['Internet Explorer', /\b(?:MSIE |Trident\/.*rv:)(\d+)/],
];

const SYSTEMS: Table = [
  ['Windows Phone', /\bWindows Phone\b/],
  ['Windows', /\bWindows\b/],
  ['iPhone', /\b(?:iPhone|iPod)\b/],
  ['iPad', /\biPad\b/],
  ['Android phone', /\bAndroid\b.*\bMobile\b/],
  ['Android tablet', /\bAndroid\b/],
  ['ChromeOS', /\bCrOS\b/],
  ['macOS', /\bMac(?:intosh| OS X)\b/],
  ['Linux', /\b(?:Linux|X11)\b/],
];
