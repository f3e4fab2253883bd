// Prints a report as one HTML file that loads nothing, with a content security policy. Used by exposure, review and the
// lab.

import { Html, markup } from './html';
import { SCRIPT } from './script';
import { STYLE } from './style';

interface HtmlPage {
  /** The title of the browser's tab. */
  readonly title: string;
  /** The page's one heading of the first level. */
  readonly headline: Html;
  readonly body: Html;
}

/** SHA-256 of a text, in base64. */
export type Sha256 = (text: string) => string;

/**
 * Prints a complete page. Its content security policy allows the style and the script that are printed here, by their
 * digests, and nothing else: text that became an element by mistake would run nothing, fetch nothing and send nothing.
 */
export function printPage({ title, headline, body }: HtmlPage, sha256: Sha256): string {
  const [style, script] = [STYLE, SCRIPT].map((source) => `'sha256-${sha256(source.toString())}'`);
  const policy = `default-src 'none'; style-src ${style}; script-src ${script}; base-uri 'none'; form-action 'none'`;
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta http-equiv="Content-Security-Policy" content="${policy}" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta name="color-scheme" content="light dark" />
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${headline}</h1>
${body}</main>
<script>${SCRIPT}</script>
</body>
</html>
`;
  return page.toString();
}
