import { platformOf } from '../../verifier/prove';
import { Judged, State } from './state';

/** What becomes of other firewalls of a server, whose rules no plan holds. Undefined: nothing. */
export function replacesWords({ planned, before, after }: Judged): string | undefined {
  const were = before.map(replacedBy);
  if (planned.action === 'retired') {
    const back = planned.onRetract === 'as before' ? [...new Set(were.flat())] : [];
    return back.length === 0
      ? undefined
      : `Where ${back.join(', ')} gave way, ${back.length === 1 ? 'it starts' : 'they start'} again, enabled as before; beside another owner’s rules once that one is retracted, too.`;
  }
  const gone = replacedBy(after).filter((one) => were.length === 0 || !were.every((state) => state.includes(one)));
  if (gone.length === 0) return undefined;
  return `Where it runs, ${gone.join(', ')} is stopped while this is on trial, and off once it is confirmed: what it alone keeps closed of what this release opens, opens.${printMore(after, gone)}`;
}

/** Returns what the release's platform says about more that goes with these firewalls, each sentence behind a space. */
function printMore({ meant }: State, gone: readonly string[]): string {
  const { server } = meant ? platformOf(meant.policy).capabilities : {};
  return gone
    .flatMap((firewall) => server?.replacesMore?.[firewall] ?? [])
    .reduce((words, sentence) => `${words} ${sentence}`, '');
}

const replacedBy = ({ meant }: State): readonly string[] =>
  meant?.policy.kind === 'server' ? (meant.policy.replaces ?? []) : [];
