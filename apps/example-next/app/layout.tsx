import Script from 'next/script';
import type { ReactNode } from 'react';

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>
        {children}
        <Script src="/widget/pocketping.js" data-endpoint="/api/pocketping" />
      </body>
    </html>
  );
}
