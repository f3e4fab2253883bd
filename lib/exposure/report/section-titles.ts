import { SectionReport, StartSide } from './exposure-report';

export const START_TEXT: Readonly<Record<StartSide, string>> = {
  outside: 'from the internet',
  inside: 'from inside',
  self: 'from the server itself',
  localhost: 'from localhost',
};

/** Of a text that somebody took from a server. */
export const SERVER_TITLES = {
  host: 'to this server',
  through: 'through it, to other hosts',
  self: 'what the server itself sends',
} as const;

/** Behind the title of what it lets through, where nobody told whether it does. */
export const IF_IT_FORWARDS = ' (if it forwards)';

/** Of a text that says itself which firewall it is of. */
export const FIREWALL_TITLES = {
  host: 'to the firewall itself',
  through: 'through it, to others',
  self: 'what the firewall itself sends',
} as const;

/** What a firewall is asked about is what it lets through. */
export const isFirewallTransit = ({ title }: Pick<SectionReport, 'title'>): boolean =>
  title === FIREWALL_TITLES.through;

/** Where packets go that a title is about, for the middle of a sentence; empty: to the server that was asked about. */
export function describeTarget({ about, title }: Pick<SectionReport, 'about' | 'title'>): string {
  if (about === 'host') return title === SERVER_TITLES.host ? '' : title;
  if (about !== 'through') return '';
  return isFirewallTransit({ title })
    ? 'through it'
    : title.replace('through it, ', '').replace(IF_IT_FORWARDS, ', if it forwards');
}
