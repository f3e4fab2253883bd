import { SectionReport, Side } from './report';

export const FROM: Readonly<Record<Side, string>> = {
  outside: 'from the internet',
  inside: 'from inside',
  self: 'from the server itself',
  localhost: 'from localhost',
};

/** Of a text that somebody took from a server. */
export const TITLES = {
  host: 'to this server',
  through: 'through it, to other hosts',
  self: 'what the server itself sends',
} as const;

/** Behind the title of what it lets through, where nobody told whether it does. */
export const IF_IT_FORWARDS = ' (if it forwards)';

/** Of a text that says itself which firewall it is of. */
export const TITLES_OF_A_FIREWALL = {
  host: 'to the firewall itself',
  through: 'through it, to others',
  self: 'what the firewall itself sends',
} as const;

/** What a firewall is asked about is what it lets through. */
export const isThroughAFirewall = ({ title }: Pick<SectionReport, 'title'>): boolean =>
  title === TITLES_OF_A_FIREWALL.through;

/** Where packets go that a title is about, for the middle of a sentence; empty: to the server that was asked about. */
export function placeOf({ about, title }: Pick<SectionReport, 'about' | 'title'>): string {
  if (about === 'host') return title === TITLES.host ? '' : title;
  if (about !== 'through') return '';
  return isThroughAFirewall({ title })
    ? 'through it'
    : title.replace('through it, ', '').replace(IF_IT_FORWARDS, ', if it forwards');
}
