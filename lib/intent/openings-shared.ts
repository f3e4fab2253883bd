import { printRange } from '../net/address';
import { Opening, Openings } from '../policy/policy';
import { printPorts } from './ports';

/** What opens nothing: one object for all of them. */
export const NOTHING: Openings = Object.freeze({ name: 'nothing', entries: [], blocked: [] });

/** Openings that were written one by one, shared where they are equal, and named after what they open. */
export class SharedOpenings {
  private readonly known = new Map<string, Openings>();
  private readonly names = new Map<string, number>();

  of(entries: readonly Opening[]): Openings {
    if (entries.length === 0) return NOTHING;
    const key = entries.map(keyOf).join('\n');
    const known = this.known.get(key);
    if (known) return known;
    const title = titleOf(entries);
    const count = (this.names.get(title) ?? 0) + 1;
    this.names.set(title, count);
    const openings: Openings = { name: count === 1 ? title : `${title} (${count})`, entries, blocked: [] };
    this.known.set(key, openings);
    return openings;
  }
}

const sourcesKey = (sources: Opening['sources']): string =>
  sources === 'anywhere' ? sources : sources.map(printRange).join(',');

const keyOf = ({ protocol, ports, sources, management, because }: Opening): string =>
  `${protocol} ${ports === 'all' ? ports : printPorts(ports)} ${management} ${sourcesKey(sources)} ${because}`;

function titleOf(entries: readonly Opening[]): string {
  const names = [...new Set(entries.map(({ because }) => because))];
  const from = entries.every(({ sources }) => sources === 'anywhere') ? 'from anywhere' : 'from listed sources';
  return `${names.slice(0, 4).join(', ')}${names.length > 4 ? ` and ${names.length - 4} more` : ''} ${from}`;
}
