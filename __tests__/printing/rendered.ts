// Renders Markdown to HTML as GitHub does, and returns the text that is seen and every element that a printer never
// writes, for the tests of escaping.

interface Renderer {
  render(markdown: string): string;
}

/** Renders Markdown as GitHub does, as far as that is public: HTML passes, addresses become links. */
const MarkdownIt = jest.requireActual<new (options: object) => Renderer>('markdown-it');
const github = new MarkdownIt({ html: true, linkify: true });

/** Elements that a page may have. Anything else came from a name. */
const ELEMENTS = ['h2', 'h3', 'p', 'ul', 'li', 'strong', 'em', 'code', 'pre', 'br', 'details', 'summary'].concat([
  'table',
  'thead',
  'tbody',
  'tr',
  'th',
  'td',
]);

interface Rendered {
  readonly html: string;
  /**
   * Elements that a printer never writes, attributes, and comments other than the marker, which a name would have
   * caused.
   */
  readonly strange: readonly string[];
  /** All visible text, with line breaks between elements. */
  readonly text: string;
  /** The visible text while everything is folded. */
  readonly unfolded: string;
  /** The text outside code, in which GitHub looks for names, numbers, commits and links. */
  readonly prose: string;
  /** The cells of all tables. */
  readonly cells: readonly string[];
}

export function rendered(markdown: string): Rendered {
  const html = github.render(markdown);
  const body = html.replace(/^<!-- cpanel-edge review -->\n/, '');
  const strange = [...body.matchAll(/<[^>]*>?/g)].map(([tag]) => tag).filter((tag) => !isOurs(tag));
  const seen = (part: string): string =>
    decoded(part.replace(/<\/?(?:strong|em|code)(?: [^>]*)?>/g, '').replace(/<[^>]*>/g, '\n'));
  return {
    html,
    strange,
    text: seen(body),
    unfolded: seen(body.replace(/<summary>.*?<\/summary>/g, '').replace(/<details>.*?<\/details>/gs, '')),
    prose: decoded(body.replace(/<code[^>]*>.*?<\/code>/gs, '\n').replace(/<[^>]*>/g, '\n')),
    cells: [...body.matchAll(/<td>(.*?)<\/td>/gs)].map(([, cell]) => seen(cell!)),
  };
}

const isOurs = (tag: string): boolean =>
  tag === '<code class="language-diff">' || ELEMENTS.includes(/^<\/?([a-z0-9]+)>$/.exec(tag)?.[1] ?? '');

const decoded = (text: string): string =>
  text.replace(/&(lt|gt|amp|quot);/g, (_, name: string) => ({ lt: '<', gt: '>', amp: '&', quot: '"' })[name]!);
