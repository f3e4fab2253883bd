import { Problem, refuseIfAny } from '../../../problems/problem';
import { ConfigFile } from './files';
import { keysIn } from './keys';
import { RUNNING, problem, unexpected } from './problems';
import { ofLaterKey } from './version';

/** What firewalld.conf says, as far as it changes which packets pass. */
export interface Settings {
  /** Undefined where nothing says what its zones are, nor anything else of these. */
  readonly defaultZone: string | undefined;
  /** Of packets of IPv6 that answers would leave by another interface. */
  readonly reversePath: 'dropped' | 'kept' | 'unclear';
  /** What goes to addresses of 6to4 that stand for private ones is refused. */
  readonly refuses6to4: boolean;
}

/** Throws Refusal where other programs load the rules, where zones run into each other, and `firewalld/later-version`. Source: firewall/core/io/firewalld_conf.py, 1.3.3. */
export function settingsOf(conf: ConfigFile | undefined): Settings {
  if (!conf) return { defaultZone: undefined, reversePath: 'kept', refuses6to4: false };
  const said = keysIn(conf);
  const problems: Problem[] = [];
  for (const [key, { line }] of said) {
    if (!/^[A-Za-z0-9_]+$/.test(key)) problems.push(unexpected(line, key));
    const later = ofLaterKey(key, line);
    if (later) problems.push(later);
  }
  const of = (key: string): string => said.get(key)?.value.toLowerCase() ?? '';
  const isOn = (key: string, otherwise: boolean): boolean => (YES.test(of(key)) ? true : NO.test(of(key)) ? false : otherwise);
  const refuse = (code: string, key: string, what: string, instead: string): unknown =>
    problems.push(problem(code, said.get(key)!.line, what, instead));
  if (/^(iptables|nftables)$/.test(of('FirewallBackend')) && said.get('FirewallBackend')!.value !== 'nftables')
    refuse(
      'back-end',
      'FirewallBackend',
      'it is not nftables that loads its rules: their order is another one.',
      'what runs there: `iptables-save; ip6tables-save`.',
    );
  if (isOn('AllowZoneDrifting', false))
    refuse('zone-drifting', 'AllowZoneDrifting', 'firewalld 0.9 lets packets go on from one zone to the next; later ones do not.', RUNNING);
  refuseIfAny(problems);
  const reversePath = of('IPv6_rpfilter');
  return {
    defaultZone: said.get('DefaultZone')?.value ?? 'public',
    reversePath: NO.test(reversePath) ? 'kept' : /^(loose|strict-forward|loose-forward)$/.test(reversePath) ? 'unclear' : 'dropped',
    refuses6to4: isOn('RFC3964_IPv4', true),
  };
}

const YES = /^(yes|true)$/;
const NO = /^(no|false)$/;
