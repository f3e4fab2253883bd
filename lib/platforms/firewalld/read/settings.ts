import { ConfigFile } from './files';
import { RUNNING, problem } from './problems';
import { Problem, refuseIfAny } from '../../../problems/problem';

/** What firewalld.conf says, as far as it changes which packets pass. */
export interface Settings {
  readonly defaultZone: string;
  /** Of packets of IPv6 that answers would leave by another interface. */
  readonly reversePath: 'dropped' | 'kept' | 'unclear';
  /** What goes to addresses of 6to4 that stand for private ones is refused. */
  readonly refuses6to4: boolean;
  /** What is translated may be asked again. */
  readonly strictForwards: boolean;
}

/** Throws Refusal where other programs load the rules, or where zones run into each other. */
export function settingsOf({ line, text }: ConfigFile): Settings {
  const said = new Map<string, { readonly value: string; readonly line: number }>();
  text.split('\n').forEach((written, at) => {
    const [, key, value = ''] = /^\s*([A-Za-z0-9_]+)\s*=\s*(.*?)\s*$/.exec(written) ?? [];
    if (key !== undefined) said.set(key, { value, line: line + at });
  });
  const of = (key: string): string => said.get(key)?.value ?? '';
  const isOn = (key: string, otherwise: boolean): boolean => (of(key) === '' ? otherwise : /^(yes|true)$/i.test(of(key)));
  const problems: Problem[] = [];
  if (!/^(|nftables)$/i.test(of('FirewallBackend')))
    problems.push(
      problem(
        'back-end',
        said.get('FirewallBackend')!.line,
        'iptables loads its rules: their order is another one.',
        'what runs there: `iptables-save; ip6tables-save`.',
      ),
    );
  if (isOn('AllowZoneDrifting', false))
    problems.push(
      problem(
        'zone-drifting',
        said.get('AllowZoneDrifting')!.line,
        'firewalld 0.9 lets packets go on from one zone to the next; later ones do not.',
        RUNNING,
      ),
    );
  refuseIfAny(problems);
  const reversePath = of('IPv6_rpfilter').toLowerCase();
  return {
    defaultZone: of('DefaultZone') || 'public',
    reversePath: /^(|yes|true|strict)$/.test(reversePath) ? 'dropped' : /^(no|false)$/.test(reversePath) ? 'kept' : 'unclear',
    refuses6to4: isOn('RFC3964_IPv4', true),
    strictForwards: isOn('StrictForwardPorts', false),
  };
}
